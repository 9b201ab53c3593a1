-- one row: the tables and functions that a statement names, as a tree
select json_serialize_sql($statement);
