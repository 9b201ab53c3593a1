-- one row if this file has a table of migrations
select table_name from duckdb_tables() where table_name = 'migration';
