-- An incident's grade at a moment is its last one, unless it was graded since; of what came later nothing is told.

-- One row an incident that existed at the moment.
create or replace macro incident(moment) as table
with regraded as (
    select ref, arg_max(grade, (graded_at, source, sequence)) as grade, max(graded_at) as graded_at from base.grading
    where graded_at <= moment and ref in (select ref from base.incident where last_graded_at > moment) group by ref
),
working as (
    select ref, string_agg(callsign, ' ' order by assigned_at, callsign) as unit, count(*) as units,
        bool_or(arrived_at is not null) as at_scene, bool_or(enroute_at is not null) as en_route
    from current_assignment(moment) group by ref
),
known as (
    select i.ref, i.source, i.type, case when i.last_graded_at <= moment then i.last_grade else coalesce(regraded.grade, i.first_grade) end as grade, i.contact, i.call_at, i.answered_at,
        i.created_at,
        case when i.last_graded_at <= moment then i.last_graded_at else coalesce(regraded.graded_at, i.created_at) end as graded_at,
        until(i.assigned_at, moment) as assigned_at, until(i.enroute_at, moment) as enroute_at,
        until(i.arrived_at, moment) as arrived_at,
        until(i.closed_at, moment) as closed_at, until(i.acknowledged_at, moment) as acknowledged_at,
        case when i.acknowledged_at <= moment then i.acknowledged_by end as acknowledged_by,
        case when i.closed_at <= moment then i.result end as result, case when i.closed_at <= moment then i.crime end as crime, i.lon, i.lat, i.beat, i.location, i.in_progress, i.suspect_nearby, i.weapon,
        i.child, i.domestic_high, i.disability, i.repeat_victim, i.repeat_place,
        case when i.closed_at <= moment then 'closed' else 'open' end as condition
    from base.incident i left join regraded using (ref)
    where i.created_at <= moment
),
timed as (
    select k.*, coalesce(p.beat_name, k.beat) as beat_name, p.sector, p.district, g.rank as grade_rank,
        g.deployable as grade_deployable, g.points as points_grade,
        case when coalesce(p.urban, true) then g.target_urban_s else g.target_rural_s end as target_s,
        seconds(k.created_at, coalesce(k.arrived_at, k.closed_at, moment)) as waiting_s,
        seconds(k.created_at, k.arrived_at) as response_s,
        seconds(k.created_at, moment) as age_s,
        t.category as type_category, coalesce(t.harm_days, 0) as harm_days,
        w.unit, coalesce(w.units, 0) as units, w.at_scene, w.en_route
    from known k
    left join ref.place p using (beat)
    left join ref.grade g using (grade)
    left join ref.incident_type t using (type)
    left join working w using (ref)
),
scored as (
    select *,
        round(20 * log10(1 + harm_days) / log10(5476), 1) as points_harm,
        least(12, 4 * (child::int + domestic_high::int + disability::int + repeat_victim::int)) as points_vulnerable,
        least(10, 10 * in_progress::int + 7 * suspect_nearby::int + 8 * weapon::int) as points_immediacy,
        case when target_s is null then 0.0 else round(12 * least(1, waiting_s / target_s), 1) end as points_time,
        6 * repeat_place::int as points_repeat
    from timed
)
select * exclude (at_scene, en_route, grade_deployable),
    condition = 'open' and arrived_at is null and grade_deployable as awaiting,
    case when condition = 'closed' then 'closed' when at_scene then 'at scene' when en_route then 'en route'
        when units > 0 then 'assigned' when arrived_at is not null then 'attended' else 'waiting' end as status,
    case when condition = 'closed' then 6 when at_scene then 4 when en_route then 3
        when units > 0 then 2 when arrived_at is not null then 5 else 1 end as status_rank,
    case when condition = 'closed' then 'closed' when not grade_deployable then 'not deployable'
        when units > 0 then 'resourced' when arrived_at is not null then 'attended' else 'unresourced' end as resourcing,
    case when target_s is null then 'no target'
        when arrived_at is not null then case when response_s <= target_s then 'met' else 'missed' end
        when condition = 'closed' then 'unattended'
        when waiting_s > target_s then 'breached' else 'in time' end as target,
    case when condition = 'open' and arrived_at is null then target_s - waiting_s end as to_target_s,
    case when condition = 'closed' then null when age_s < 900 then '<15m' when age_s < 3600 then '<60m'
        when age_s < 14400 then '<4h' else '>4h' end as age,
    case when age_s < 900 then 1 when age_s < 3600 then 2 when age_s < 14400 then 3 else 4 end as age_rank,
    extract(hour from local_time(created_at))::integer as created_hour,
    dayname(local_time(created_at)) as created_weekday,
    isodow(local_time(created_at)) as created_weekday_rank,
    round(points_grade + points_harm + points_vulnerable + points_immediacy + points_time + points_repeat, 1) as points,
    concat_ws(', ', 'grade ' || points_grade, 'harm ' || round(points_harm, 0)::integer,
        case when points_vulnerable > 0 then 'vulnerable ' || points_vulnerable end,
        case when points_immediacy > 0 then 'immediacy ' || points_immediacy end,
        case when points_time >= 0.5 then 'time ' || round(points_time, 0)::integer end,
        case when points_repeat > 0 then 'repeat ' || points_repeat end) as why
from scored;
