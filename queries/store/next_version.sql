-- no rows: the data version rises by one, with a mark of its own
update base.data_version set version = version + 1, stamp = uuid();
