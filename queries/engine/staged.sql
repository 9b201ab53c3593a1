-- no rows: an empty table of what staging SQL reads, and an empty Parquet file of it, to try that SQL against
create or replace temp table {name} ({columns});
copy {name} to '{file}' (format parquet);
