-- one row: rows unchanged, changed (another of the same key was there), added and removed, the two copies taken as multisets
with shaped as (from base.collision limit 0),
old as (select * exclude (batch, line, flags) from base.collision where batch = $old),
new as (select * exclude (batch, line, flags) from (from shaped union all by name from read_parquet($file))),
gone as (from old except all from new),
come as (from new except all from old),
altered as (
    select least(count(*) filter (was), count(*) filter (not was)) as n
    from (select true as was, collision from gone union all select false as was, collision from come)
    where collision is not null
    group by collision
),
counted as (
    select (select count(*) from old) as had, (select count(*) from gone) as went, (select count(*) from come) as came,
        (select coalesce(sum(n), 0)::bigint from altered) as changed
)
select had - went as unchanged, changed, came - changed as added, went - changed as removed from counted;
