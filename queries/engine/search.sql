-- one row a value of a field that holds the text: the value, its rows in scope, its rows
select {column}::varchar, count(*) filter (inside), count(*)
from (select *, coalesce({scope}, false) as inside from {fact}($now) where {base})
where contains(lower({column}::varchar), $text) group by all
order by starts_with(lower({column}::varchar), $text) desc, 2 desc, 1 limit $limit;
