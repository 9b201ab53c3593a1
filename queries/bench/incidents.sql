-- no rows: makes `base.bench_incident`, one row an incident of $rows, skewed as demand is, the same for the same $seed, and its fact
create or replace table base.bench_incident as
with drawn as (
    select range as n, (hash(range * 31 + $seed) >> 11)::double / 9007199254740992.0 as u1,
        (hash(range * 37 + $seed) >> 11)::double / 9007199254740992.0 as u2,
        (hash(range * 41 + $seed) >> 11)::double / 9007199254740992.0 as u3,
        (hash(range * 43 + $seed) >> 11)::double / 9007199254740992.0 as u4,
        (hash(range * 47 + $seed) >> 11)::double / 9007199254740992.0 as u5,
        (hash(range * 53 + $seed) >> 11)::double / 9007199254740992.0 as u6,
        (hash(range * 59 + $seed) >> 11)::double / 9007199254740992.0 as u7,
        (hash(range * 61 + $seed) >> 11)::double / 9007199254740992.0 as u8
    from range($rows)
),
placed as (
    select *, least(119, floor(120 * pow(u1, 1.8)))::integer as beat_n, least(13, floor(14 * pow(u2, 2.2)))::integer as category_n,
        least(1095, floor(1096 * pow(u3, 0.85)))::integer as day_n, (floor(12 * (u4 + u5))::integer + 6) % 24 as hour_n
    from drawn
)
select n as ref, 'Category ' || lpad(category_n::varchar, 2, '0') as category,
    'Grade ' || least(4, floor(5 * pow((u6 + category_n / 14.0) / 1.93, 1.3)))::integer as grade,
    'District ' || lpad((beat_n // 10)::varchar, 2, '0') as district, 'Beat ' || lpad(beat_n::varchar, 3, '0') as beat,
    'Outcome ' || least(9, floor(10 * pow(u7, 2)))::integer as outcome,
    ((day_n + 5) % 7) * 24 + hour_n as hour_of_week,
    date '2022-01-01' + day_n as day, timestamp '2022-01-01' + to_days(day_n) + to_seconds(hour_n * 3600 + floor(3600 * u8)) as created_at,
    round(-2.0 + ((beat_n % 12) * 13.333 + 13 * (u6 + u4) / 2) * 0.005, 6) as lon,
    round(53.0 + ((beat_n // 12) * 8 + 7.9 * (u7 + u5) / 2) * 0.005, 6) as lat,
    floor((lat - 53.0) / 0.005)::integer * 160 + floor((lon + 2.0) / 0.005)::integer as cell,
    least(1000, round(pow(1.000001 - u8, -0.7) * (1 + category_n)))::integer as harm,
    round(300 + 4000 * pow(u8, 3) * (1 + u2))::integer as response_s
from placed;
create or replace macro incident(moment) as table select * from base.bench_incident where created_at <= moment;
