-- one row a value of a field that holds the text: the value, its rows in scope, its rows
select value, count(*) filter (inside), count(*)
from (select {column}::varchar as value, coalesce({scope}, false) as inside from {fact}($now) where {base})
where contains(lower(value), $text) group by value
order by starts_with(lower(value), $text) desc, 2 desc, 1 limit $limit;
