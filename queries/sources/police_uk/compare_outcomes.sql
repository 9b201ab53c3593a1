-- one row: rows unchanged, with another outcome (by crime ID), added and removed, the two copies taken as multisets
with old as (select crime, outcome, lon, lat, location, lsoa_code, lsoa from base.outcome where batch = $old),
new as (select crime, coalesce(outcome, '(none given)') as outcome, lon, lat, location, lsoa_code, lsoa from read_parquet($file)),
gone as (from old except all from new),
come as (from new except all from old)
select (select count(*) from old) - (select count(*) from gone), 0::bigint, (select count(*) from come), (select count(*) from gone);
