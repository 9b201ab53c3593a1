-- no rows: makes `worked`, one row an incident that is touched, or whose assignments are, with the units' part in it; kept at once where only that changed
create or replace temp table worked as
select ref, min(assigned_at) as assigned_at, min(enroute_at) as enroute_at, min(arrived_at) as arrived_at,
    case when bool_and(cleared_at is not null) then max(cleared_at) end as resourced_end_at
from base.assignment where ref in (select key from touched where thing in ('incident', 'assignment')) group by ref;
update base.incident
set assigned_at = w.assigned_at, enroute_at = w.enroute_at, arrived_at = w.arrived_at, resourced_end_at = w.resourced_end_at
from (
    from (from touched where thing = 'assignment') anti join (from touched where thing = 'incident') t using (key) left join worked on ref = key
) w where incident.ref = w.key;
