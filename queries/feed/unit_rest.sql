-- no rows: folds what else touched units said: what they are, where they are, what they are tasked with, what was acknowledged
delete from base.unit where callsign in (
    select e.key from base.event e join touched t on t.thing = 'unit' and t.key = e.key and e.occurred_at between t.from_at and t.to_at where e.kind = 'unit.listed');
insert into base.unit by name
select key as callsign, payload ->> 'kind' as kind, payload ->> 'team' as team, payload ->> 'district' as home_district,
    coalesce((payload ->> 'crew')::integer, 1) as crew, coalesce(array_to_string(((payload ->> 'skills')::json)::varchar[], ', '), '') as skills,
    min(occurred_at) over (partition by key) as listed_at,
    (payload ->> 'lon')::double as home_lon, (payload ->> 'lat')::double as home_lat, payload ->> 'beat' as home_beat
from base.event e where kind = 'unit.listed' and key in (select key from touched where thing = 'unit')
    and key not in (select callsign from base.unit)
qualify row_number() over (partition by key order by occurred_at desc, source desc, sequence desc) = 1;
create or replace temp table heard as
select e.* from base.event e join touched t on t.thing = 'unit' and t.key = e.key and e.occurred_at between t.from_at and t.to_at
where e.kind in ('unit.status', 'unit.moved', 'unit.tasked', 'unit.acknowledged');
delete from base.unit_position using (from touched where thing = 'unit') t where callsign = t.key and heard_at between t.from_at and t.to_at;
insert into base.unit_position by name
select key as callsign, occurred_at as heard_at, (payload ->> 'lon')::double as lon, (payload ->> 'lat')::double as lat,
    payload ->> 'beat' as beat, kind = 'unit.moved' as moved
from heard where kind in ('unit.status', 'unit.moved');
delete from base.unit_objective using (from touched where thing = 'unit') t where callsign = t.key and tasked_at between t.from_at and t.to_at;
insert into base.unit_objective by name
select key as callsign, occurred_at as tasked_at, payload ->> 'objective' as objective from heard where kind = 'unit.tasked';
delete from base.unit_acknowledgement using (from touched where thing = 'unit') t where callsign = t.key and acknowledged_at between t.from_at and t.to_at;
insert into base.unit_acknowledgement by name
select key as callsign, occurred_at as acknowledged_at, payload ->> 'by' as acknowledged_by from heard where kind = 'unit.acknowledged';
