-- one row a value of a field
select distinct {column}::varchar from {fact}($now) where {column} is not null order by all limit 50000;
