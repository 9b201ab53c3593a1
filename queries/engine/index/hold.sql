-- no rows: keeps in memory the rows of a fact that pages ask again and again, as they stand now
create or replace table {name} as from {fact}($now) where {window} and {base};
