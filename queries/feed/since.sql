-- one row a thing whose events are folded by their story: from when on its touched keys can have events without a fault
with story as (from touched where not plain)
select 'contact' as thing, min(began) as since from (
    select from_at as began from story where thing = 'contact'
    union all select c.offered_at from base.contact c join story s on s.thing = 'contact' and s.key = c.contact)
union all
select 'incident', min(began) from (
    select from_at as began from story where thing = 'incident'
    union all select i.created_at from base.incident i join story s on s.thing = 'incident' and s.key = i.ref)
union all
select 'crime', min(began) from (
    select from_at as began from story where thing = 'crime'
    union all select c.recorded_at from base.crime c join story s on s.thing = 'crime' and s.key = c.crime and c.batch is null);
