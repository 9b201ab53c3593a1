-- one row a line of an incident's page: section, label, value, detail, and the field and key of what it names
with it as materialized (from incident($now) where ref = $subject),
worked as (
    select max(cleared_at) as clear_at from assignment($now) where ref = $subject
    having bool_and(coalesce(cleared_at <= $now, false))
),
clock as (
    select unnest([
        {'label': 'Call', 'instant': call_at}, {'label': 'Answered', 'instant': answered_at},
        {'label': 'Created', 'instant': created_at}, {'label': 'Graded', 'instant': graded_at}, {'label': 'First assigned', 'instant': assigned_at},
        {'label': 'En route', 'instant': enroute_at}, {'label': 'Arrived', 'instant': arrived_at},
        {'label': 'Units clear', 'instant': (select clear_at from worked)}, {'label': 'Closed', 'instant': closed_at}
    ], recursive := true), created_at from it
),
able as (
    select u.*, t.lon as to_lon, t.lat as to_lat, t.beat as to_beat,
        metres_between(u.lon, u.lat, t.lon, t.lat) * 1.3 as metres,
        t.type, u.crew >= 2 as double_crewed
    from unit($now) u, it t
    where u.on_duty and u.availability <> 'unknown' and (u.ref is null or u.ref <> t.ref)
),
timed as (
    select a.*, 90 + metres / 1000 / (select day_kmh from ref.road_speed
        where class = case when coalesce((select urban from ref.place where beat = a.to_beat), true) then 'urban' else 'rural' end) * 3600 as eta_s
    from able a
),
judged as (
    select *, case when availability = 'refreshments' then 'at refreshments'
        when ref is not null then state || ' at ' || ref
        when state = 'Emergency' then 'emergency' when not deployable then lower(state)
        when kind not in ('response', 'neighbourhood', 'roads', 'firearms', 'dogs') then kind || ' unit, not sent to calls' end as passed
    from timed
),
lines as (
    select 1 as s, 0 as n, 'Incident' as section, grade || ', ' || type as label, status as value, location as detail, null::varchar as field, null::varchar as key from it
    union all select 1, 1, 'Incident', 'Place', coalesce(beat || ' ' || beat_name, 'no beat'), concat_ws(', ', sector, district), 'beat', beat from it
    union all select 1, 2, 'Incident', 'Points', points::varchar, why, null, null from it
    union all select 1, 3, 'Incident', 'Flags', concat_ws(', ', case when in_progress then 'in progress' end,
        case when suspect_nearby then 'suspect near by' end, case when weapon then 'weapon' end, case when child then 'child' end,
        case when domestic_high then 'domestic, high risk' end, case when disability then 'disability' end,
        case when repeat_victim then 'repeat victim' end, case when repeat_place then 'repeat address' end), '', null, null from it
    union all select 1, 4, 'Incident', 'Target', target, case when target_s is null then 'the grade has none'
        else 'target ' || (target_s / 60)::integer || ' min from creation' end, null, null from it
    union all select 1, 5, 'Incident', 'Acknowledged', coalesce(acknowledged_by, 'by nobody yet'), strftime(local_time(acknowledged_at), '%d %b %H:%M'), null, null
        from it where grade = 'Immediate'
    union all select 2, row_number() over (), 'Clocks', label, strftime(local_time(instant), '%a %d %b %H:%M:%S'),
        case when instant >= created_at then '+' || (seconds(created_at, instant) / 60)::integer || ' min' end, null, null
        from clock where instant is not null
    union all select 3, row_number() over (order by a.assigned_at), 'Units', a.callsign,
        case when a.cleared_at <= $now then coalesce(a.ended, 'cleared') when a.arrived_at <= $now then 'at scene' when a.enroute_at <= $now then 'en route' else 'assigned' end,
        'since ' || strftime(local_time(case when a.cleared_at <= $now then a.cleared_at when a.arrived_at <= $now then a.arrived_at when a.enroute_at <= $now then a.enroute_at else a.assigned_at end), '%H:%M'), 'callsign', a.callsign
        from assignment($now) a where a.ref = $subject
    union all select 4, row_number() over (order by eta_s), 'Nearest suitable', callsign,
        (eta_s / 60)::integer || ' min', round(metres / 1000, 1) || ' km, ' || lower(state) || ', straight-line estimate', 'callsign', callsign
        from (from judged where passed is null order by eta_s limit 3)
    union all select 5, row_number() over (order by eta_s), 'Nearer but passed over', callsign, (eta_s / 60)::integer || ' min', passed, 'callsign', callsign
        from (from judged where passed is not null and eta_s < coalesce((select eta_s from judged where passed is null order by eta_s limit 1 offset 2), 1e9) order by eta_s limit 8)
    union all select 6, row_number() over (order by l.logged_at, l.sequence), 'Log', strftime(local_time(l.logged_at), '%H:%M:%S') || ' ' || l.author, l.text, '', null, null
        from incident_log($now) l where l.ref = $subject
)
select section, label, value, detail, field, key from lines order by s, n;
