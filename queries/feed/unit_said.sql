-- one row a status a touched unit gave in the stretch that was touched, in order, with the state it stood in before
with recent as (
    select callsign, max_by(state, (s.from_at, source, sequence)) as state, arg_max_null(incident, (s.from_at, source, sequence)) as incident
    from base.unit_status s join touched t on t.thing = 'unit' and t.key = s.callsign and s.from_at < t.from_at
    where s.from_at >= (select min(from_at) - interval 30 day from touched where thing = 'unit') group by callsign
),
prior as (
    from recent
    union all
    select callsign, max_by(state, (s.from_at, source, sequence)) as state, arg_max_null(incident, (s.from_at, source, sequence)) as incident
    from base.unit_status s
    join (from touched t anti join recent r on t.key = r.callsign where t.thing = 'unit') t on t.key = s.callsign and s.from_at < t.from_at
    group by callsign
)
select e.key as callsign, e.occurred_at, e.source, e.sequence, (e.payload ->> 'state')::integer as state, e.payload ->> 'incident' as incident,
    e.fault as had, isfinite(t.to_at) as bounded, coalesce(p.state, 11) as prior_state, p.incident as prior_incident
from base.event e
join touched t on t.thing = 'unit' and t.key = e.key and e.occurred_at between t.from_at and t.to_at
left join prior p on p.callsign = e.key
where e.kind = 'unit.status'
order by e.key, e.occurred_at, e.source, e.sequence;
