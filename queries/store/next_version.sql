-- no rows: the data version rises by one
update base.data_version set version = version + 1;
