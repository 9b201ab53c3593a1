-- one row: rows unchanged, with another outcome (all else the same, a crime ID given), added and removed, the two copies taken as multisets
with old as (
    select crime, category, outcome, lon, lat, location, lsoa_code, lsoa, reported_by, falls_within from base.crime where batch = $old
),
new as (select crime, category, outcome, lon, lat, location, lsoa_code, lsoa, reported_by, falls_within from read_parquet($file)),
gone as (from old except all from new),
come as (from new except all from old),
altered as (
    select least(count(*) filter (was), count(*) filter (not was)) as n
    from (select true as was, * from gone union all select false as was, * from come)
    where crime is not null
    group by crime, category, lon, lat, location, lsoa_code, lsoa, reported_by, falls_within
),
counted as (
    select (select count(*) from old) as had, (select count(*) from gone) as went, (select count(*) from come) as came,
        (select coalesce(sum(n), 0)::bigint from altered) as outcome
)
select had - went as unchanged, outcome, came - outcome as added, went - outcome as removed from counted;
