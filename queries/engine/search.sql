-- one row a value of a field that holds the text, or whose name does: the value, its rows in scope, its name
select value, count(*) filter (inside), any_value(name)
from (select {column}::varchar as value, {label}::varchar as name, coalesce({scope}, false) as inside from {fact}($now) where {base})
where contains(lower(concat_ws(' ', value, name)), $text) group by value
order by starts_with(lower(value), $text) or coalesce(starts_with(lower(any_value(name)), $text), false) desc, 2 desc, 1 limit $limit;
