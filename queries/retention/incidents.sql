-- no rows: makes `due`, one row an incident of which nothing was told within its time, why it is kept back, or null where it goes
create or replace temp table due as
with told as (select key, max(occurred_at) as stood_at from base.event where kind ^@ 'incident.' group by key)
select told.key, told.stood_at,
    case when i.ref is not null and i.closed_at is null then 'still open'
        when told.key in (select incident from base.crime where batch is null and incident is not null)
            or i.crime in (select crime from base.crime where batch is null) then 'a crime recorded from it is kept'
        when told.key in (select ref from base.assignment where cleared_at is null) then 'a unit is still assigned to it' end as why
from told left join base.incident i on i.ref = told.key left join ref.incident_type y using (type)
left join terms t on t.value = y.category
where told.stood_at < coalesce(t.before_at, $before);
