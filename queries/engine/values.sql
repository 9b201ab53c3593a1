-- one row a value (or cell of values) of the fields, inside the scope and outside it: values, inside, order, rows, measures
select {fields}, coalesce({scope}, false) as inside, {order} as place, count(*) as held, {measures}
from {facts} where {base}
group by {keys}, inside;
