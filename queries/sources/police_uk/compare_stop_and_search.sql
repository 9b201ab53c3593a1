-- one row: rows unchanged, 0, added and removed, the two copies taken as multisets
with old as (select * exclude (batch, line, flags) from base.stop_search where batch = $old),
new as (select searched_at, type, operation, lon, lat, beat, district, gender, age_range, self_ethnicity, officer_ethnicity, legislation,
    object, outcome, outcome_linked, clothing_removed from read_parquet($file)),
gone as (from old except all from new),
come as (from new except all from old)
select (select count(*) from old) - (select count(*) from gone), 0::bigint, (select count(*) from come), (select count(*) from gone);
