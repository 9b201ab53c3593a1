-- one row a square of the ground that has rows in scope: how many squares east of 0 and north of 0 it lies, and how many rows
select floor({lon} / $across)::integer as x, floor({lat} / $up)::integer as y, count(*) as held
from {facts} where {base} and {scope} and {rows} and {lon} is not null and {lat} is not null
group by all order by all;
