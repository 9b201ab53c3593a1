-- no rows: makes `worked`, one row an incident that is touched, or whose assignments are, with the units' part in it; kept at once where only that changed
create or replace temp table worked as
select key as ref, min(assigned_at) as assigned_at, min(enroute_at) as enroute_at, min(arrived_at) as arrived_at,
    case when bool_and(cleared_at is not null) then max(cleared_at) end as resourced_end_at
from (select distinct key from touched where thing in ('incident', 'assignment')) left join base.assignment on ref = key group by key;
update base.incident
set assigned_at = w.assigned_at, enroute_at = w.enroute_at, arrived_at = w.arrived_at, resourced_end_at = w.resourced_end_at
from (from worked anti join (from touched where thing = 'incident') t on t.key = ref) w where incident.ref = w.ref;
