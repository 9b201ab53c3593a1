-- no rows: a batch's published collisions
insert into base.collision by name select $batch as batch, * from read_parquet($file);
