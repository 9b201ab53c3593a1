-- one row: how many rows of a fact are in scope
select count(*) from {fact}($now) where {base} and {scope};
