-- one row a walked unit: whether its stretch has an end, the state it stood in before, if it was given since $began, and its assignment then
with prior as (
    select callsign, max_by(state, (s.from_at, source, sequence)) as state
    from base.unit_status s join walked t on t.key = s.callsign and s.from_at < t.from_at where s.from_at >= $began group by callsign
)
select t.key, isfinite(t.to_at), p.state, a.ref, epoch_us(a.assigned_at),
    case when a.enroute_at < t.from_at then epoch_us(a.enroute_at) end, case when a.arrived_at < t.from_at then epoch_us(a.arrived_at) end
from walked t left join prior p on p.callsign = t.key left join undone a on a.callsign = t.key and a.assigned_at < t.from_at;
