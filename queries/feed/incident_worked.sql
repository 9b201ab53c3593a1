-- no rows: the units' part in the incidents whose assignments changed
create or replace temp table worked as
select ref, min(assigned_at) as assigned_at, min(enroute_at) as enroute_at, min(arrived_at) as arrived_at,
    case when bool_and(cleared_at is not null) then max(cleared_at) end as resourced_end_at
from (select distinct ref from (select ref from undone union all select ref from redone)) left join base.assignment using (ref) group by ref;
update base.incident set assigned_at = w.assigned_at, enroute_at = w.enroute_at, arrived_at = w.arrived_at, resourced_end_at = w.resourced_end_at
from worked w
where incident.ref = w.ref and (incident.assigned_at, incident.enroute_at, incident.arrived_at, incident.resourced_end_at)
    is distinct from (w.assigned_at, w.enroute_at, w.arrived_at, w.resourced_end_at);
