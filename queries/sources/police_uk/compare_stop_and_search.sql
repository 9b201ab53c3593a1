-- one row: rows unchanged, with another outcome (none: a search has no ID to match by), added and removed, the two copies taken as multisets
with old as (
    select searched_at, type, operation, lon, lat, gender, age_range, self_ethnicity, officer_ethnicity, legislation, object, outcome,
        outcome_linked, clothing_removed
    from base.stop_search where batch = $old
),
new as (
    select searched_at, type, operation, lon, lat, gender, age_range, self_ethnicity, officer_ethnicity, legislation, object, outcome,
        outcome_linked, clothing_removed
    from read_parquet($file)
),
gone as (from old except all from new),
come as (from new except all from old)
select (select count(*) from old) - (select count(*) from gone) as unchanged, 0::bigint as outcome,
    (select count(*) from come) as added, (select count(*) from gone) as removed;
