-- one row if this file keeps sittings
select table_name from duckdb_tables() where database_name = 'console_file' and schema_name = 'base' and table_name = 'sitting';
