-- one row an announcement not yet acknowledged: an officer's emergency button, or a new Immediate incident
select 'emergency' as kind, callsign as key, state_at as raised_at,
    concat_ws(', ', 'EMERGENCY ' || callsign, beat_name, district) as said, coalesce({unit_scope}, false) as inside
from {units} where unanswered
union all
select 'immediate', ref, created_at, concat_ws(', ', 'IMMEDIATE ' || ref, type, location, beat_name),
    coalesce({incident_scope}, false)
from {incidents}
where condition = 'open' and grade = 'Immediate' and acknowledged_at is null
    and created_at >= (select max(from_at) from base.announced where from_at <= $now)
order by kind, raised_at;
