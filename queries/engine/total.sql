-- one row: how many rows of a fact are in scope
select count(*) from {facts} where {base} and {scope};
