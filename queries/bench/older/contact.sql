-- no rows: adds to `base.contact` earlier copies ($weeks) of the ended contacts of the weeks held, those of the incidents left out too
insert into base.contact
select * exclude (week) replace (
    'B' || week || '-' || contact as contact, 'B' || week || '-' || incident as incident, offered_at - to_days(7 * week) as offered_at,
    answered_at - to_days(7 * week) as answered_at, abandoned_at - to_days(7 * week) as abandoned_at, ended_at - to_days(7 * week) as ended_at
)
from (select c.*, (weeks.range + 1)::integer as week from base.contact c, range($weeks) weeks where ended_at is not null)
where hash(coalesce(incident, contact), week) % 100 < $share
order by offered_at;
