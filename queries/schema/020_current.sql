-- What is current without a look at all there ever was: an incident knows its last grade; an assignment has an end whether it ended or
-- not, so that whatever ended before the moment is passed over by the ends of its row groups.

alter table base.incident add column last_grade varchar;
alter table base.incident add column last_graded_at timestamp;
update base.incident set last_grade = g.grade, last_graded_at = g.graded_at
from (select ref, arg_max(grade, (graded_at, source, sequence)) as grade, max(graded_at) as graded_at from base.grading group by ref) g where g.ref = incident.ref;

-- Until when it is current: when it was cleared, `infinity` while it isn't.
alter table base.assignment add column current_until timestamp;
update base.assignment set current_until = coalesce(cleared_at, 'infinity');

-- One row an assignment of a unit to an incident that was current at the moment.
create or replace macro current_assignment(moment) as table
select callsign, ref, assigned_at, until(enroute_at, moment) as enroute_at, until(arrived_at, moment) as arrived_at
from base.assignment where assigned_at <= moment and current_until > moment;
