-- The details that pages tell beside the facts: each a table macro of `moment` (an instant in UTC).

-- One row an assignment of a unit to an incident that had begun at the moment, current or over.
create macro assignment(moment) as table
select callsign, ref, assigned_at, until(enroute_at, moment) as enroute_at, until(arrived_at, moment) as arrived_at,
    until(cleared_at, moment) as cleared_at, case when cleared_at <= moment then ended end as ended
from base.assignment where assigned_at <= moment;

-- One row an entry of an incident's log.
create macro incident_log(moment) as table
select ref, logged_at, author, text, source, sequence from base.incident_log where logged_at <= moment;

-- One row a state that a unit was in, which lasts until its next.
create macro unit_status(moment) as table
select callsign, state, from_at, incident, source, sequence from base.unit_status where from_at <= moment;

-- One row a duty of an officer with a unit that had begun at the moment.
create macro duty(moment) as table
select d.officer, d.unit, d.started_at, d.until_at, until(d.ended_at, moment) as ended_at, o.name, o.rank, o.team, o.district, o.skills
from base.duty d left join base.officer o using (officer) where d.started_at <= moment;

-- A name where it is among those permitted, of several (a space between) those that are; any other is only said to be there.
create macro named(word, permitted) as case when list_contains(permitted, word) then word
    else array_to_string(list_transform(string_split(word, ' '), lambda each: case when list_contains(permitted, each) then each else '(another)' end), ' ') end;
