-- one row: rows unchanged, with another outcome (by crime ID), added and removed, the two copies taken as multisets
with old as (select crime, category, outcome, lon, lat, location, lsoa_code, lsoa from base.crime where batch = $old),
new as (select crime, category, outcome, lon, lat, location, lsoa_code, lsoa from read_parquet($file)),
gone as (from old except all from new),
come as (from new except all from old),
changed as (
    select least(g.n, c.n) as n
    from (select crime, category, outcome, count(*) as n from gone where crime is not null group by all) g
    join (select crime, category, outcome, count(*) as n from come where crime is not null group by all) c
        on g.crime = c.crime and g.category = c.category and g.outcome is distinct from c.outcome
)
select (select count(*) from old) - (select count(*) from gone) as unchanged, coalesce((select sum(n) from changed), 0)::bigint as outcome,
    ((select count(*) from come) - coalesce((select sum(n) from changed), 0))::bigint as added,
    ((select count(*) from gone) - coalesce((select sum(n) from changed), 0))::bigint as removed;
