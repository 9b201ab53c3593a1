-- one row: the data version, and the mark of the commit that made it, if any did
select version, stamp::varchar from base.data_version;
