-- at most five rows, one a key whose rows in {table} differ: how many only the file has, how many only the fold, how many keys there are
with differing as (
    select {key} as key, 1 as held from (select {columns} from held.base.{table} where {where} except all select {columns} from base.{table} where {where})
    union all
    select {key}, 0 from (select {columns} from base.{table} where {where} except all select {columns} from held.base.{table} where {where})
)
select key, sum(held)::bigint, (count(*) - sum(held))::bigint, count(*) over () from differing group by key order by key limit 5;
