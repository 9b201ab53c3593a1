-- no rows: adds to `base.crime` earlier copies ($weeks) of the crimes of the weeks held, but those of the incidents left out
insert into base.crime
select * exclude (week) replace (
    'B' || week || '-' || crime as crime, 'B' || week || '-' || incident as incident, recorded_at - to_days(7 * week) as recorded_at,
    committed_at - to_days(7 * week) as committed_at, outcome_at - to_days(7 * week) as outcome_at, allocated_at - to_days(7 * week) as allocated_at,
    strftime(recorded_at - to_days(7 * week), '%Y-%m') as month
)
from (select c.*, (weeks.range + 1)::integer as week from base.crime c, range($weeks) weeks)
where hash(incident, week) % 100 < $share
order by recorded_at;
