-- one row: the base rows in scope, all the base rows, and those of the base that are Immediate and out of scope
select count(*) filter ({scope}), count(*), count(*) filter (not coalesce({scope}, false) and {immediate})
from {facts} where {base};
