-- one row an hour, from 24 h before the present hour to 4 h after it: demand and availability in units, and what 8 weeks expect
with hours as (
    select unnest(generate_series(date_trunc('hour', $now::timestamp) - interval 24 hour, date_trunc('hour', $now::timestamp) + interval 4 hour, interval 1 hour)) as hour
),
weeks as (
    -- the same local hour of the week, whatever the clocks did in between
    select hour, back, case when back = 0 then hour
        else ((local_time(hour) - to_days(7 * back::integer)) at time zone 'Europe/London') at time zone 'UTC' end as was
    from hours, unnest(range(0, 9)) as w(back)
),
asked as (
    select date_trunc('hour', created_at) as was, sum(round(1000 * t.unit_hours)::bigint) as demand
    from (from incident($now) where /* scope: incident except condition, age, status, resourcing, target */ true) i
    join ref.incident_type t using (type) join ref.grade g using (grade)
    where g.deployable and created_at >= date_trunc('hour', $now::timestamp) - interval 58 day
    group by all
),
shift as (
    select distinct d.unit, d.started_at, least(coalesce(d.ended_at, d.until_at), greatest($now::timestamp, d.started_at)) as ended_at
    from duty($now) d join (select callsign from unit($now) where /* scope: unit */ true) u on u.callsign = d.unit
    where d.started_at >= date_trunc('hour', $now::timestamp) - interval 59 day
),
manned as (
    select was, sum(date_diff('millisecond', greatest(started_at, was), least(ended_at, was + interval 1 hour))) as units
    from (select *, unnest(generate_series(date_trunc('hour', started_at), ended_at, interval 1 hour)) as was from shift)
    join (select distinct was from weeks where was < $now) using (was)
    where ended_at > was
    group by was
),
told as (
    select w.hour, w.back, w.was, case when w.was < $now then coalesce(a.demand, 0) end as demand,
        case when w.was < $now then coalesce(m.units, 0) end as units,
        w.was >= (select min(created_at) from incident($now)) as held
    from weeks w left join asked a using (was) left join manned m using (was)
)
-- demand is in thousandths of a unit-hour and units in milliseconds till here: whole numbers, whose sums are the same in any order
select hour,
    any_value(round(demand / 1e3, 1)) filter (back = 0) as demand,
    any_value(round(units / 3.6e6 / least(1, date_diff('millisecond', was, $now::timestamp) / 3.6e6), 1)) filter (back = 0) as availability,
    round(avg(demand) filter (back > 0 and held) / 1e3, 1) as expected,
    round(greatest(0, (avg(demand) filter (back > 0 and held) - 1.2816 * stddev_samp(demand) filter (back > 0 and held)) / 1e3), 1) as expected_low,
    round((avg(demand) filter (back > 0 and held) + 1.2816 * stddev_samp(demand) filter (back > 0 and held)) / 1e3, 1) as expected_high,
    round(avg(units) filter (back > 0 and held) / 3.6e6, 1) as expected_availability,
    case when hour = date_trunc('hour', $now::timestamp) then (
        select count(*) from /* base */ incident($now) where /* scope: incident except condition, age, status, resourcing, target */ resourcing = 'unresourced'
    ) end as waiting
from told group by hour order by hour;
