-- no rows: a batch's published vehicles
insert into base.vehicle by name select $batch as batch, * from read_parquet($file);
