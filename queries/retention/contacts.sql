-- no rows: makes `due`, one row a contact of which nothing was told within its time, why it is kept back, or null where it goes
create or replace temp table due as
with told as (select key, max(occurred_at) as stood_at from base.event where kind ^@ 'contact.' group by key)
select told.key, told.stood_at,
    case when c.contact is not null and c.ended_at is null and c.abandoned_at is null then 'not ended'
        when c.incident in (select ref from base.incident) or told.key in (select contact from base.incident where contact is not null)
            then 'an incident it is about is kept' end as why
from told left join base.contact c on c.contact = told.key where told.stood_at < $before;
