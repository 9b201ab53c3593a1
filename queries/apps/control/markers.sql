-- one row a marker on the map: open incidents by grade, units on duty by state
select 'incident' as kind, ref as key, lon, lat, left(grade, 1) as glyph, concat_ws(', ', ref, grade, type, location) as text
from (from /* base */ incident($now) where /* scope: incident except area, beat */ condition = 'open' and grade in ('Immediate', 'Priority') and lon is not null
    order by points desc limit 300)
union all
select 'unit', callsign, lon, lat, glyph, concat_ws(', ', callsign, state, ref)
from /* base */ unit($now) where /* scope: unit except area, beat */ on_duty and lon is not null;
