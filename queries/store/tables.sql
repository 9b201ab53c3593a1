-- one row a table of the data: its name, and how it is written in a query
select table_name, '"' || schema_name || '"."' || table_name || '"' from duckdb_tables()
where database_name = 'console_file' and schema_name = 'base' and not temporary order by all;
