-- no rows: keeps in memory what a section shows of rows that are kept already
create or replace table {name} as select {columns} from {of}{beside} where {rows};
