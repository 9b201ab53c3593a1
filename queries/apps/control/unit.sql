-- one row a line of a unit's page: section, label, value, detail, the field and key of what it names, and the person it is about
with it as materialized (from unit($now) where callsign = $subject),
lines as (
    select 1 as s, 0 as n, 'Unit' as section, callsign as label, state as value, concat_ws(', ', kind, team) as detail, null::varchar as field, null::varchar as key, null::varchar as person from it
    union all select 1, 1, 'Unit', 'Since', strftime(local_time(state_at), '%a %H:%M:%S'), (state_s / 60)::integer || ' min', null, null, null from it where state_at is not null
    union all select 1, 2, 'Unit', 'Heard', strftime(local_time(heard_at), '%a %H:%M:%S'), case when availability = 'unknown' then 'unheard for 10 minutes or more: state unknown' else '' end, null, null, null from it where heard_at is not null
    union all select 1, 3, 'Unit', 'Place', coalesce(beat || ' ' || beat_name, 'not known'), concat_ws(', ', sector, district), 'beat', beat, null from it
    union all select 1, 4, 'Unit', 'Crew', crew::varchar, skills, null, null, null from it
    union all select 1, 5, 'Unit', 'Objective', coalesce(objective, 'none'), '', null, null, null from it
    union all select 1, 6, 'Unit', 'Assignment', coalesce(ref, 'none'), '', 'incident.ref', ref, null from it
    union all select 2, row_number() over (order by d.officer), 'On duty', concat_ws(' ', d.rank, d.officer, case when $named then d.name end), 'until ' || strftime(local_time(d.until_at), '%H:%M'), d.skills, null, null, d.officer
        from duty($now) d where d.unit = $subject and d.name is not null and d.ended_at is null
    union all select 3, row_number() over (order by s.from_at desc), 'States, latest first', strftime(local_time(s.from_at), '%a %H:%M:%S'), r.state, coalesce(s.incident, ''), case when s.incident is not null then 'incident.ref' end, s.incident, null
        from (from unit_status($now) where callsign = $subject order by from_at desc, sequence desc limit 30) s join ref.unit_state r on r.code = s.state
    union all select 4, row_number() over (order by a.assigned_at desc), 'Assignments, latest first', a.ref, coalesce(case when a.cleared_at <= $now then a.ended end, 'current'),
        strftime(local_time(a.assigned_at), '%a %H:%M') || coalesce(' to ' || strftime(local_time(case when a.cleared_at <= $now then a.cleared_at end), '%H:%M'), ''), 'incident.ref', a.ref, null
        from (from assignment($now) where callsign = $subject order by assigned_at desc limit 20) a
)
select section, label, value, detail, field, key, person from lines order by s, n;
