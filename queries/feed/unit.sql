-- no rows: folds the touched units from `judged`, one row a status with its fault or none; the assignments follow from the statuses
create or replace temp table told as
select callsign as key, source, sequence, had, fault from judged;
delete from base.unit_status using (from touched where thing = 'unit') t where callsign = t.key and unit_status.from_at between t.from_at and t.to_at;
insert into base.unit_status by name
select callsign, state, occurred_at as from_at, incident, source, sequence from judged where fault is null and state not between 12 and 16;
create or replace temp table redo as
select t.key as callsign, coalesce(min(a.assigned_at), t.from_at) as from_at, t.to_at
from touched t left join (
    from base.assignment where cleared_at is null or cleared_at >= (select min(from_at) from touched where thing = 'unit')
) a on a.callsign = t.key and a.assigned_at < t.from_at and (a.cleared_at is null or a.cleared_at >= t.from_at)
where t.thing = 'unit' group by t.key, t.from_at, t.to_at;
create or replace temp table undone as
select a.ref from base.assignment a join redo r on a.callsign = r.callsign and a.assigned_at between r.from_at and r.to_at;
delete from base.assignment using redo r where assignment.callsign = r.callsign and assignment.assigned_at between r.from_at and r.to_at;
create or replace temp table redone as
with began as (
    select s.*, s.incident is distinct from lag(s.incident) over story as start,
        lead(s.from_at) over story as next_at, lead(s.state) over story as next_state
    from base.unit_status s join redo r on s.callsign = r.callsign and s.from_at between r.from_at and r.to_at
    window story as (partition by s.callsign order by s.from_at, s.source, s.sequence)
),
islands as (
    select *, sum(start::integer) over (partition by callsign order by from_at, source, sequence) as island from began
)
select callsign, incident as ref, min(from_at) as assigned_at, min(from_at) filter (state = 5) as enroute_at,
    min(from_at) filter (state = 6) as arrived_at, arg_max_null(next_at, (from_at, source, sequence)) as cleared_at,
    case arg_max_null(next_state, (from_at, source, sequence)) when 17 then 'diverted'
        else case when arg_max_null(next_at, (from_at, source, sequence)) is not null
            then case when count(*) filter (state = 6) = 0 then 'stood down' else 'cleared' end end end as ended
from islands where incident is not null group by callsign, incident, island;
insert into base.assignment by name from redone;
insert into touched
select 'incident', ref, min(from_at), max(from_at) from (
    select ref, timestamp '1970-01-01' as from_at from undone union all select ref, assigned_at from redone
) where ref not in (select key from touched where thing = 'incident') group by ref;
