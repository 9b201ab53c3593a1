-- one row a thing whose events are folded whole: from when on its touched keys can have events without a fault
select 'contact' as thing, least(min(t.from_at), min(c.offered_at)) as since
from touched t left join base.contact c on c.contact = t.key where t.thing = 'contact' and not plain
union all
select 'incident', least(min(t.from_at), min(i.created_at)) from touched t left join base.incident i on i.ref = t.key where t.thing = 'incident' and not plain
union all
select 'crime', least(min(t.from_at), min(c.recorded_at))
from touched t left join base.crime c on c.crime = t.key and c.batch is null where t.thing = 'crime' and not plain;
