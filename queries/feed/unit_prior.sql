-- one row a touched unit: whether its stretch has an end, the state and the assignment that it stood in before (instants in microseconds)
with recent as (
    select callsign, max_by(state, (s.from_at, source, sequence)) as state
    from base.unit_status s join touched t on t.thing = 'unit' and t.key = s.callsign and s.from_at < t.from_at
    where s.from_at >= $since::timestamp - interval 8 day group by callsign
),
prior as (
    from recent
    union all
    select callsign, max_by(state, (s.from_at, source, sequence)) as state
    from base.unit_status s
    join (from touched t anti join recent r on t.key = r.callsign where t.thing = 'unit') t on t.key = s.callsign and s.from_at < t.from_at
    group by callsign
)
select t.key, isfinite(t.to_at), coalesce(p.state, 11), a.ref, epoch_us(a.assigned_at),
    case when a.enroute_at < t.from_at then epoch_us(a.enroute_at) end, case when a.arrived_at < t.from_at then epoch_us(a.arrived_at) end
from touched t left join prior p on p.callsign = t.key
left join (from base.assignment where cleared_at is null or cleared_at >= $since) a
    on a.callsign = t.key and a.assigned_at < t.from_at and coalesce(a.cleared_at >= t.from_at, true)
where t.thing = 'unit';
