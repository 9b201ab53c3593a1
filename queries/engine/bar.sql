-- one row: the base rows in scope, all the base rows, and those of the base that are Immediate and out of scope
select count(*) filter (inside), count(*), count(*) filter (not inside and {immediate})
from (select *, coalesce({scope}, false) as inside from {facts} where {base});
