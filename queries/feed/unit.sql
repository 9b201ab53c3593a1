-- no rows: folds the touched units from `judged`, one row a status with its fault or none, and `assigned`, one row an assignment
create or replace temp table told as
select callsign as key, source, sequence, had, fault from judged;
delete from base.unit_status using walked t
where unit_status.from_at >= $since and callsign = t.key and unit_status.from_at between t.from_at and t.to_at;
insert into base.unit_status by name
select callsign, state, occurred_at as from_at, incident, source, sequence from judged where fault is null and state not between 12 and 16;
delete from base.assignment where rowid in (select row from undone);
insert into touched
select distinct 'assignment', ref, null::timestamp, null::timestamp, 0, false from (select ref from undone union all select ref from assigned);
insert into base.assignment by name select *, coalesce(cleared_at, 'infinity') as current_until from assigned;
