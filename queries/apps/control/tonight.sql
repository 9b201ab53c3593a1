-- one row a coming hour and district that may be short, then a row each other hour to 07:00: demand and availability as 8 weeks expect them
with bounds as (
    select date_trunc('hour', $now::timestamp) as top,
        (date_trunc('day', local_time($now::timestamp) + interval 17 hour) + interval 6 hour) at time zone 'Europe/London' at time zone 'UTC' as morning
),
hours as (
    select unnest(generate_series(top, greatest(morning, top + interval 4 hour), interval 1 hour)) as hour from bounds
),
weeks as (
    -- the same local hour of the week, whatever the clocks did in between
    select hour, ((local_time(hour) - to_days(7 * back::integer)) at time zone 'Europe/London') at time zone 'UTC' as was
    from hours, unnest(range(1, 9)) as w(back)
),
held as (
    select * from weeks where was >= (select min(created_at) from incident($now))
),
asked as (
    select date_trunc('hour', created_at) as was, district, sum(t.unit_hours) as demand
    from (from incident($now) where /* scope: incident except condition, age, status, resourcing, target */ true) i
    join ref.incident_type t using (type) join ref.grade g using (grade)
    where g.deployable and date_trunc('hour', created_at) in (select was from held)
    group by all
),
shift as (
    select distinct u.district, d.unit, d.started_at, least(coalesce(d.ended_at, d.until_at), greatest($now::timestamp, d.started_at)) as ended_at
    from duty($now) d join (select callsign, district from unit($now) where /* scope: unit */ true) u on u.callsign = d.unit
    where d.started_at >= (select min(was) from held) - interval 1 day
),
manned as (
    select was, district, sum(seconds(greatest(started_at, was), least(ended_at, was + interval 1 hour))) / 3600 as units
    from (select *, unnest(generate_series(date_trunc('hour', started_at), ended_at, interval 1 hour)) as was from shift)
    where ended_at > was and was in (select was from held)
    group by all
),
places as (
    select distinct district from (select district from asked union all select district from manned)
),
told as (
    select hour, district, count(*) as weeks, avg(coalesce(demand, 0)) as demand, avg(coalesce(units, 0)) as availability,
        avg(coalesce(demand, 0)) + 1.2816 * coalesce(stddev_samp(coalesce(demand, 0)), 0) as high
    from held cross join places left join asked using (was, district) left join manned using (was, district)
    group by all
),
judged as (
    select *, min(rank) over (partition by hour) as worst
    from (select *, demand - availability as lack, high - availability as may_lack,
        case when demand > availability then 1 when high > availability then 2 else 3 end as rank from told)
),
listed as (
    select hour, district, weeks, demand, availability, lack, may_lack, rank from judged where rank < 3
    union all
    select hour, null, max(weeks), sum(demand), sum(availability), sum(lack), null, 3 from judged where worst = 3 group by hour
),
worded as (
    select *, strftime(local_time(hour), '%a %H:%M') || case when local_time(hour - interval 1 hour) = local_time(hour) then ' GMT'
        when local_time(hour + interval 1 hour) = local_time(hour) then ' BST' else '' end as clock
    from listed
),
said as (
    select concat_ws('; ',
        coalesce((select 'short most at ' || clock || ': ' || greatest(1, round(lack)::integer) || ' in ' || coalesce(district, 'no district')
            from worded where rank = 1 order by lack desc, hour limit 1),
            'short of nothing to ' || (select strftime(local_time(max(hour) + interval 1 hour), '%H:%M') from worded)),
        (select 'may lack ' || greatest(1, round(may_lack)::integer) || ' at ' || clock || coalesce(' in ' || district, '')
            from worded where rank = 2 and not exists (from worded where rank = 1) order by may_lack desc, hour limit 1),
        (select case count(*) when 0 then 'no Immediate or Priority waits now' when 1 then '1 Immediate or Priority waits now'
            else count(*) || ' Immediate or Priority wait now' end from /* base */ incident($now)
            where /* scope: incident except condition, age, status, resourcing, target */ resourcing = 'unresourced' and grade in ('Immediate', 'Priority')),
        (select 'from ' || max(weeks) || case when max(weeks) = 1 then ' week' else ' weeks' end from worded)) as note,
        (select coalesce(max(greatest(1, round(lack))) filter (rank = 1), 0) from worded) as most
)
select row_number() over (order by rank, hour, may_lack desc, district) as line, clock as starts,
    case rank when 1 then 'short ' || greatest(1, round(lack)::integer) when 2 then 'may lack ' || greatest(1, round(may_lack)::integer)
        else greatest(0, round(-lack))::integer || ' spare' end as cover,
    case when rank < 3 then district end as district, round(demand, 1) as demand, round(availability, 1) as availability, note, most
from worded, said order by line;
