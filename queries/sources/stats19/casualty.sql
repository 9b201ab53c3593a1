-- no rows: a batch's published casualties
insert into base.casualty by name select $batch as batch, * from read_parquet($file);
