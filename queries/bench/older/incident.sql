-- no rows: adds to `base.incident` so many earlier copies ($weeks) of the closed incidents of the weeks held, some left out of each, a little moved
insert into base.incident
select * exclude (week) replace (
    'B' || week || '-' || ref as ref, 'B' || week || '-' || contact as contact, 'B' || week || '-' || crime as crime,
    call_at - to_days(7 * week) as call_at, answered_at - to_days(7 * week) as answered_at, created_at - to_days(7 * week) as created_at,
    assigned_at - to_days(7 * week) as assigned_at, enroute_at - to_days(7 * week) as enroute_at, arrived_at - to_days(7 * week) as arrived_at,
    resourced_end_at - to_days(7 * week) as resourced_end_at, closed_at - to_days(7 * week) as closed_at,
    acknowledged_at - to_days(7 * week) as acknowledged_at, last_graded_at - to_days(7 * week) as last_graded_at,
    round(lon + (hash(ref, week, 'east') % 400)::integer / 100000.0 - 0.002, 5) as lon,
    round(lat + (hash(ref, week, 'north') % 400)::integer / 100000.0 - 0.002, 5) as lat
)
from (select i.*, (weeks.range + 1)::integer as week from base.incident i, range($weeks) weeks where closed_at is not null)
where hash(ref, week) % 100 < $share
order by created_at;
