-- one row a value (or cell of values) of the fields, inside the scope and outside it: values, inside, order, rows, measures
select {fields}, inside, {order} as place, count(*) as held, {measures}
from (select *, coalesce({scope}, false) as inside from {facts} where {base})
group by {keys}, inside;
