-- at most one row: something that this file holds, whoever made it
select name from (
    select schema_name as name from duckdb_schemas() where database_name = 'console_file' and not internal
    union all
    select table_name from duckdb_tables() where database_name = 'console_file'
    union all
    select view_name from duckdb_views() where database_name = 'console_file' and not internal
    union all
    select sequence_name from duckdb_sequences() where database_name = 'console_file'
) limit 1;
