-- one row: whether {table} holds the same rows as often in both, where {where}
select h.n = f.n and h.told is not distinct from f.told, h.n, f.n
from (select count(*) as n, sum(hash(t)::hugeint) as told from (select {columns} from held.base.{table} where {where}) t) h,
    (select count(*) as n, sum(hash(t)::hugeint) as told from (select {columns} from base.{table} where {where}) t) f;
