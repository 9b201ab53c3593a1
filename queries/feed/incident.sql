-- no rows: folds the touched incidents; created opens, then grades, log lines, the first acknowledgement and the first close
create or replace temp table told as
with created as (
    select key, min(n) as created_n from story where kind = 'incident.created' group by key
),
decided as (
    select key, min(n) filter (kind = 'incident.closed') as closed_n, min(n) filter (kind = 'incident.acknowledged') as acknowledged_n
    from story join created using (key) where n > created_n and kind in ('incident.closed', 'incident.acknowledged') group by key
)
select key, kind, occurred_at, source, sequence, payload, fault as had,
    case when kind = 'incident.created' then case when n <> created_n then 'already created' end
        when created_n is null or n < created_n then 'not created yet'
        when kind = 'incident.closed' then case when n <> closed_n then 'already closed' end
        when kind = 'incident.acknowledged' then case when n <> acknowledged_n then 'already acknowledged' end
        when kind = 'incident.graded' and n > closed_n then 'graded after its close' end as fault
from story left join created using (key) left join decided using (key)
union all by name
select key, kind, occurred_at, source, sequence, payload, null as had, null as fault
from base.event anti join (from touched where thing = 'incident' and not plain) t using (key)
where received_at = $received_at and kind ^@ 'incident.';
delete from base.incident where ref in (select key from touched where thing = 'incident' and not plain);
delete from base.grading where ref in (select key from touched where thing = 'incident' and not plain);
delete from base.incident_log where ref in (select key from touched where thing = 'incident' and not plain);
insert into base.grading by name
select key as ref, occurred_at as graded_at, payload ->> 'grade' as grade, coalesce(payload ->> 'reason', '') as reason, source, sequence
from told where fault is null and kind = 'incident.graded';
insert into base.incident_log by name
select key as ref, occurred_at as logged_at, payload ->> 'author' as author, payload ->> 'text' as text, source, sequence
from told where fault is null and kind = 'incident.logged';
insert into base.incident by name
with opened as (
    select key, source, occurred_at, json_transform(payload, '{"type": "VARCHAR", "grade": "VARCHAR", "lon": "DOUBLE", "lat": "DOUBLE",
        "beat": "VARCHAR", "location": "VARCHAR", "contact": "VARCHAR", "call_at": "VARCHAR", "answered_at": "VARCHAR",
        "in_progress": "BOOLEAN", "suspect_nearby": "BOOLEAN", "weapon": "BOOLEAN", "child": "BOOLEAN", "domestic_high": "BOOLEAN",
        "disability": "BOOLEAN", "repeat_victim": "BOOLEAN", "repeat_place": "BOOLEAN"}') as p
    from told where fault is null and kind = 'incident.created'
),
shut as (
    select key, occurred_at, payload ->> 'result' as result, payload ->> 'crime' as crime
    from told where fault is null and kind = 'incident.closed'
),
graded as (
    select key, max(occurred_at) as last_graded_at, arg_max(payload ->> 'grade', (occurred_at, source, sequence)) as last_grade
    from told where fault is null and kind = 'incident.graded' group by key
),
seen as (
    select key, occurred_at, payload ->> 'by' as seen_by from told where fault is null and kind = 'incident.acknowledged'
)
select o.key as ref, o.source, p.type, p.grade as first_grade, p.contact,
    (p.call_at::timestamptz at time zone 'UTC') as call_at, (p.answered_at::timestamptz at time zone 'UTC') as answered_at,
    o.occurred_at as created_at, w.assigned_at, w.enroute_at, w.arrived_at, w.resourced_end_at, s.occurred_at as closed_at,
    a.occurred_at as acknowledged_at, a.seen_by as acknowledged_by, g.last_grade, g.last_graded_at, s.result, s.crime, p.lon, p.lat, p.beat,
    coalesce(p.location, '') as location, coalesce(p.in_progress, false) as in_progress,
    coalesce(p.suspect_nearby, false) as suspect_nearby, coalesce(p.weapon, false) as weapon, coalesce(p.child, false) as child,
    coalesce(p.domestic_high, false) as domestic_high, coalesce(p.disability, false) as disability,
    coalesce(p.repeat_victim, false) as repeat_victim, coalesce(p.repeat_place, false) as repeat_place
from opened o left join shut s using (key) left join graded g using (key) left join seen a using (key) left join worked w on w.ref = o.key;
