-- What stood at any past moment, also where more was said since: listings, objectives as set, a crime's officers and outcomes,
-- and the order of what was said at one instant. A published month is there once it has begun.
create table base.listing (
    callsign varchar not null, kind varchar not null, team varchar not null, home_district varchar not null, crew integer not null,
    skills varchar not null, home_lon double, home_lat double, home_beat varchar, listed_at timestamp not null, source varchar not null,
    sequence bigint not null
);
insert into base.listing
select key, payload ->> 'kind', payload ->> 'team', payload ->> 'district', coalesce((payload ->> 'crew')::integer, 1),
    coalesce(array_to_string(((payload ->> 'skills')::json)::varchar[], ', '), ''),
    (payload ->> 'lon')::double, (payload ->> 'lat')::double, payload ->> 'beat', occurred_at, source, sequence
from base.event where kind = 'unit.listed';

drop table base.objective;
create table base.objective (
    objective varchar not null, title varchar not null, kind varchar not null, start_at timestamp not null, end_at timestamp not null,
    district varchar, beat varchar, set_at timestamp not null, source varchar not null, sequence bigint not null
);
insert into base.objective
select key, payload ->> 'title', payload ->> 'kind', ((payload ->> 'start')::timestamptz at time zone 'UTC'),
    ((payload ->> 'end')::timestamptz at time zone 'UTC'), payload ->> 'district', payload ->> 'beat', occurred_at, source, sequence
from base.event where kind = 'objective.set';

alter table base.grading add column source varchar;
alter table base.grading add column sequence bigint;
delete from base.grading;
insert into base.grading
select key, occurred_at, payload ->> 'grade', coalesce(payload ->> 'reason', ''), source, sequence
from base.event where kind = 'incident.graded' and fault is null;

-- All the outcomes and officers that a crime was given, oldest first, where there was more than one.
alter table base.crime add column outcomes struct("at" timestamp, said varchar)[];
alter table base.crime add column officers struct("at" timestamp, said varchar)[];
update base.crime set outcomes = given.said from (
    select key, list(struct_pack("at" := occurred_at, said := outcome) order by occurred_at, source, sequence) as said
    from base.event left join ref.outcome_code on code = (payload ->> 'code')::integer
    where kind = 'crime.outcome' and fault is null group by key having count(*) > 1
) given where batch is null and crime = given.key;
update base.crime set officers = given.said from (
    select key, list(struct_pack("at" := occurred_at, said := payload ->> 'officer') order by occurred_at, source, sequence) as said
    from base.event where kind = 'crime.allocated' and fault is null group by key having count(*) > 1
) given where batch is null and crime = given.key;

-- From when on what comes of a kind of event is kept, where what was before was never told or has been thinned out.
create table base.kept (kind varchar primary key, from_at timestamp not null);
insert into base.kept select 'unit.moved', min(heard_at) from base.unit_position where moved having count(*) > 0;

-- A list of what was said when, oldest first, with what is said since; of what was said once, none.
create macro several(held, once_at, once_said, since) as case
    when since is null then held
    when once_at is null and len(since) < 2 then null
    else coalesce(held, case when once_at is not null then [struct_pack("at" := once_at, said := once_said)] end, []) || since end;

-- What was said last by the moment, of a list of what was said when, oldest first.
create macro said_by(told, moment) as list_filter(told, lambda one: one.at <= moment)[-1].said;

-- One row an incident that existed at the moment.
create or replace macro incident(moment) as table
with regraded as (
    select ref, arg_max(grade, (graded_at, source, sequence)) as grade, max(graded_at) as graded_at
    from base.grading where graded_at <= moment group by ref
),
working as (
    select ref, string_agg(callsign, ' ' order by assigned_at, callsign) as unit, count(*) as units,
        bool_or(arrived_at is not null) as at_scene, bool_or(enroute_at is not null) as en_route
    from current_assignment(moment) group by ref
),
known as (
    select i.ref, i.source, i.type, coalesce(regraded.grade, i.first_grade) as grade, i.contact, i.call_at, i.answered_at,
        i.created_at, coalesce(regraded.graded_at, i.created_at) as graded_at, until(i.assigned_at, moment) as assigned_at,
        until(i.enroute_at, moment) as enroute_at, until(i.arrived_at, moment) as arrived_at, until(i.closed_at, moment) as closed_at,
        until(i.acknowledged_at, moment) as acknowledged_at, case when i.acknowledged_at <= moment then i.acknowledged_by end as acknowledged_by,
        case when i.closed_at <= moment then i.result end as result, case when i.closed_at <= moment then i.crime end as crime,
        i.lon, i.lat, i.beat, i.location, i.in_progress, i.suspect_nearby, i.weapon,
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

-- One row a unit on the list at the moment. Of a time before positions were kept, a unit stands as it last said.
create or replace macro unit(moment) as table
with listed as (
    select callsign, unnest(max_by(struct_pack(kind := kind, team := team, home_district := home_district, crew := crew, skills := skills,
        home_lon := home_lon, home_lat := home_lat, home_beat := home_beat), (listed_at, source, sequence)))
    from base.listing where listed_at <= moment group by callsign
),
last_status as (
    select callsign, max_by(struct_pack(code := state, since := from_at, incident := incident), (from_at, source, sequence)) as s
    from base.unit_status where from_at <= moment and from_at > moment - interval 3 day group by callsign
),
placed as (
    select callsign, max(heard_at) as heard_at,
        max_by(struct_pack(lon := lon, lat := lat, beat := beat), epoch_us(heard_at) * 2 + moved::integer) filter (where lon is not null) as p
    from base.unit_position where heard_at <= moment and heard_at > moment - interval 1 day group by callsign
),
tasked as (
    select callsign, arg_max_null(objective, tasked_at) as objective
    from base.unit_objective where tasked_at <= moment and tasked_at > moment - interval 3 day group by callsign
),
titled as (
    select objective, arg_max(title, (set_at, source, sequence)) as title from base.objective
    where set_at <= moment and objective in (select objective from tasked) group by objective
),
acknowledged as (
    select callsign, max(acknowledged_at) as acknowledged_at from base.unit_acknowledgement
    where acknowledged_at <= moment group by callsign
),
working as (
    select callsign, max(ref) as ref from current_assignment(moment) group by callsign
),
known as (
    select u.callsign, u.kind, u.team, u.home_district, u.crew, u.skills, coalesce(l.s.code, 11) as code,
        l.s.since as state_at, w.ref, o.title as objective, p.heard_at,
        coalesce(p.p.lon, u.home_lon) as lon, coalesce(p.p.lat, u.home_lat) as lat, coalesce(p.p.beat, u.home_beat) as beat,
        a.acknowledged_at,
        coalesce(moment - p.heard_at > interval 10 minute, true)
            and not coalesce((select max(from_at) from base.kept where kind = 'unit.moved') > moment - interval 10 minute, false) as unheard
    from listed u
    left join last_status l using (callsign)
    left join placed p using (callsign)
    left join tasked t using (callsign)
    left join titled o on o.objective = t.objective
    left join acknowledged a using (callsign)
    left join working w using (callsign)
),
judged as (
    select k.* exclude (unheard), place.beat_name, place.sector, place.district, s.on_duty, s.short, s.glyph,
        coalesce(s.on_duty and unheard and code <> 0, false) as unknown,
        s.state as said, s.deployable as may_deploy, s.available, s.busy as state_busy
    from known k
    join ref.unit_state s using (code)
    left join ref.place place on place.beat = k.beat
)
select callsign, kind, team, home_district, crew, skills, ref, objective, lon, lat, beat, beat_name, sector, district,
    case when unknown then 99 else code end as state_code,
    case when unknown then 'Unknown' else said end as state,
    said as last_state,
    case when unknown then '?' else glyph end as glyph,
    case when not on_duty then 'off duty' when unknown then 'unknown' when available then 'free'
        when may_deploy then 'deployable' when code = 4 then 'refreshments' when state_busy then 'busy'
        else 'other duty' end as availability,
    case when not on_duty then 7 when unknown then 6 when available then 1 when may_deploy then 2 when code = 4 then 4
        when state_busy then 3 else 5 end as availability_rank,
    on_duty, may_deploy and not unknown as deployable, state_busy and not unknown as busy,
    code = 4 as refreshments,
    state_at, seconds(state_at, moment) as state_s, heard_at, seconds(heard_at, moment) as heard_s,
    code = 0 as emergency, code = 0 and coalesce(acknowledged_at < state_at, true) as unanswered
from judged;

-- One row a crime recorded at the moment, or published in a batch.
create or replace macro crime(moment) as table
select c.crime, c.batch, c.line, coalesce(c.batch || ':' || c.line, c.crime) as row,
    c.recorded_at, c.committed_at, c.month, c.category, c.offence,
    case when c.batch is not null then c.outcome
        when c.outcome_at <= moment then c.outcome
        else coalesce(said_by(c.outcomes, moment), 'Under investigation') end as outcome,
    c.incident, c.lon, c.lat, c.location, c.lsoa, c.lsoa_code,
    coalesce(c.district, p.district) as district, p.sector, c.beat, p.beat_name, c.flags,
    case when c.batch is null then 'feed' else split_part(c.batch, '/', 1) end as origin,
    case when c.committed_at is not null then
        (isodow(local_time(c.committed_at)) - 1) * 24 + extract(hour from local_time(c.committed_at)) end::integer as hour_of_week,
    coalesce(o.harm_mean, k.harm_mean) as harm_days,
    case when c.allocated_at <= moment then c.officer else said_by(c.officers, moment) end as officer
from base.crime c
left join ref.place p using (beat)
left join ref.offence o using (offence)
left join ref.crime_category k on k.category = c.category
where c.recorded_at <= moment or (c.recorded_at is null and c.month <= strftime(local_time(moment), '%Y-%m'));
