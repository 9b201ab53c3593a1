-- two rows, or one where none is in scope: the measures of the base rows in scope and how many those are, then of all the base rows
select {measures}, count(*) as held, coalesce({scope}, false) as inside
from {facts} where {base}
group by grouping sets ((inside), ()) having coalesce(inside, true) order by inside nulls last;
