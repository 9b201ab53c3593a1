-- no rows: a batch's published crimes
insert into base.crime by name select $batch as batch, * from read_parquet($file);
