-- no rows: makes `base.bench_narrow`, the incidents with a small integer in place of each text
create or replace table base.bench_narrow as
select right(category, 2)::utinyint as category, right(grade, 1)::utinyint as grade, right(district, 2)::utinyint as district,
    right(beat, 3)::utinyint as beat, right(outcome, 1)::utinyint as outcome, hour_of_week::utinyint as hour_of_week,
    date_diff('day', date '2022-01-01', day)::usmallint as day, cell::usmallint as cell, harm::integer as harm
from base.bench_incident;
