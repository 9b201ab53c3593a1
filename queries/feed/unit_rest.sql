-- no rows: folds what else touched units said: where they are, what they are tasked with, what was acknowledged; who is listed anew is touched as such
delete from base.unit_position using (from touched where thing = 'unit') t
where heard_at >= $since and callsign = t.key and heard_at between t.from_at and t.to_at;
insert into base.unit_position by name
select callsign, occurred_at as heard_at, lon, lat, beat, kind = 'unit.moved' as moved
from heard where kind in ('unit.status', 'unit.moved')
qualify row_number() over (partition by callsign, occurred_at, kind order by lon is not null desc, source desc, sequence desc) = 1;
delete from base.unit_objective using (from touched where thing = 'unit') t
where tasked_at >= $since and callsign = t.key and tasked_at between t.from_at and t.to_at;
insert into base.unit_objective by name
select callsign, occurred_at as tasked_at, objective from heard where kind = 'unit.tasked'
qualify row_number() over (partition by callsign, occurred_at order by source desc, sequence desc) = 1;
delete from base.unit_acknowledgement using (from touched where thing = 'unit') t
where acknowledged_at >= $since and callsign = t.key and acknowledged_at between t.from_at and t.to_at;
insert into base.unit_acknowledgement by name
select callsign, occurred_at as acknowledged_at, "by" as acknowledged_by from heard where kind = 'unit.acknowledged';
insert into touched
select distinct 'listed', callsign, null::timestamp, null::timestamp, 0, false from heard where kind = 'unit.listed';
