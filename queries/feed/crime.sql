-- no rows: folds the touched crimes; recorded opens, the latest allocation and the latest outcome stand
create or replace temp table told as
with recorded as (
    select key, min(n) as recorded_n from story where kind = 'crime.recorded' group by key
)
select key, kind, occurred_at, source, sequence, payload, fault as had,
    case when kind = 'crime.recorded' then case when n <> recorded_n then 'already recorded' end
        when recorded_n is null or n < recorded_n then 'not recorded yet' end as fault
from story left join recorded using (key)
union all by name
select key, kind, occurred_at, source, sequence, payload, null as had, null as fault
from base.event anti join (from touched where thing = 'crime' and not plain) t using (key)
where received_at = $received_at and kind ^@ 'crime.';
create or replace temp table recorded as
select key as crime, occurred_at as recorded_at, (p.committed_at::timestamptz at time zone 'UTC') as committed_at,
    strftime(local_time(occurred_at), '%Y-%m') as month, coalesce(f.category, 'Other crime') as category, p.offence,
    p.incident, p.lon, p.lat, p.location, p.beat, case when f.offence is null then 'offence not in the list' end as flags,
    null::varchar as outcome, null::integer as outcome_code, null::timestamp as outcome_at,
    null::varchar as officer, null::varchar as team, null::timestamp as allocated_at,
    null::struct("at" timestamp, said varchar)[] as outcomes, null::struct("at" timestamp, said varchar)[] as officers
from (
    select key, occurred_at, json_transform(payload, '{"offence": "VARCHAR", "lon": "DOUBLE", "lat": "DOUBLE", "beat": "VARCHAR",
        "location": "VARCHAR", "incident": "VARCHAR", "committed_at": "VARCHAR"}') as p
    from told where fault is null and kind = 'crime.recorded'
) left join ref.offence f on f.offence = p.offence;
insert into recorded by name
select c.* exclude (batch, line, lsoa_code, lsoa, district, reported_by, falls_within)
from base.crime c semi join (from touched where thing = 'crime' and plain) t on t.key = c.crime where c.batch is null;
delete from base.crime where batch is null and crime in (select key from touched where thing = 'crime' and (opened = 0 or not plain));
delete from base.outcome where batch is null and crime in (select key from touched where thing = 'crime' and not plain);
insert into base.crime by name
with given as (
    select key, max(occurred_at) as allocated_at, arg_max(payload ->> 'officer', (occurred_at, source, sequence)) as officer,
        arg_max(payload ->> 'team', (occurred_at, source, sequence)) as team,
        list(struct_pack("at" := occurred_at, said := payload ->> 'officer') order by occurred_at, source, sequence) as officers
    from told where fault is null and kind = 'crime.allocated' group by key
),
ended as (
    select key, max(occurred_at) as outcome_at, arg_max((payload ->> 'code')::integer, (occurred_at, source, sequence)) as code,
        list(struct_pack("at" := occurred_at, said := o.outcome) order by occurred_at, source, sequence) as outcomes
    from told left join ref.outcome_code o on o.code = (payload ->> 'code')::integer where fault is null and kind = 'crime.outcome' group by key
)
select r.* replace (
    coalesce(g.officer, r.officer) as officer, coalesce(g.team, r.team) as team, coalesce(g.allocated_at, r.allocated_at) as allocated_at,
    c.outcome as outcome, coalesce(e.code, r.outcome_code) as outcome_code, coalesce(e.outcome_at, r.outcome_at) as outcome_at,
    several(r.outcomes, r.outcome_at, r.outcome, e.outcomes) as outcomes, several(r.officers, r.allocated_at, r.officer, g.officers) as officers)
from recorded r left join given g on g.key = crime left join ended e on e.key = crime left join ref.outcome_code c 
    on c.code = coalesce(e.code, r.outcome_code);
insert into base.outcome by name
select key as crime, occurred_at as outcome_at, strftime(local_time(occurred_at), '%Y-%m') as month,
    (payload ->> 'code')::integer as code, coalesce(c.outcome, 'code ' || (payload ->> 'code')) as outcome
from told left join ref.outcome_code c on c.code = (payload ->> 'code')::integer
where fault is null and kind = 'crime.outcome';
