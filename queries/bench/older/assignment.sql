-- no rows: adds to `base.assignment` earlier copies ($weeks) of the ended assignments of the weeks held, but those of the incidents left out
insert into base.assignment
select * exclude (week) replace (
    'B' || week || '-' || ref as ref, assigned_at - to_days(7 * week) as assigned_at, enroute_at - to_days(7 * week) as enroute_at,
    arrived_at - to_days(7 * week) as arrived_at, cleared_at - to_days(7 * week) as cleared_at, current_until - to_days(7 * week) as current_until
)
from (select a.*, (weeks.range + 1)::integer as week from base.assignment a, range($weeks) weeks where cleared_at is not null)
where hash(ref, week) % 100 < $share
order by assigned_at;
