-- no rows: a batch's published stops and searches
insert into base.stop_search by name select $batch as batch, * from read_parquet($file);
