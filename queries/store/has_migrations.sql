-- one row if this file has our table of migrations
select table_name from duckdb_columns() where database_name = 'console_file' and schema_name = 'main' and table_name = 'migration'
group by table_name having list(column_name order by column_index) = ['number', 'name', 'applied_at', 'program'];
