-- one row if this file has our table of migrations
select table_name from duckdb_tables() where database_name = 'console_file' and schema_name = 'main' and table_name = 'migration'
    and column_count = 4 and sql like '%number%name%applied_at%program%';
