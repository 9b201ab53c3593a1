-- one row: the data version
select version from base.data_version;
