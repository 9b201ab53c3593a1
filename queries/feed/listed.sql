-- no rows: folds the units that are listed anew; the latest listing stands
delete from base.unit where callsign in (select key from touched where thing = 'listed');
insert into base.unit by name
select key as callsign, payload ->> 'kind' as kind, payload ->> 'team' as team, payload ->> 'district' as home_district,
    coalesce((payload ->> 'crew')::integer, 1) as crew, coalesce(array_to_string(((payload ->> 'skills')::json)::varchar[], ', '), '') as skills,
    min(occurred_at) over (partition by key) as listed_at,
    (payload ->> 'lon')::double as home_lon, (payload ->> 'lat')::double as home_lat, payload ->> 'beat' as home_beat
from base.event semi join (from touched where thing = 'listed') t using (key) where kind = 'unit.listed'
qualify row_number() over (partition by key order by occurred_at desc, source desc, sequence desc) = 1;
