-- no rows: folds the units that are listed anew: each listing is kept, and the latest stands
delete from base.listing where callsign in (select key from touched where thing = 'listed');
insert into base.listing by name
select key as callsign, payload ->> 'kind' as kind, payload ->> 'team' as team, payload ->> 'district' as home_district,
    coalesce((payload ->> 'crew')::integer, 1) as crew, coalesce(array_to_string(((payload ->> 'skills')::json)::varchar[], ', '), '') as skills,
    (payload ->> 'lon')::double as home_lon, (payload ->> 'lat')::double as home_lat, payload ->> 'beat' as home_beat,
    occurred_at as listed_at, source, sequence
from base.event semi join (from touched where thing = 'listed') t using (key) where kind = 'unit.listed';
delete from base.unit where callsign in (select key from touched where thing = 'listed');
insert into base.unit by name
select * exclude (source, sequence) replace (min(listed_at) over (partition by callsign) as listed_at)
from base.listing semi join (select key as callsign from touched where thing = 'listed') t using (callsign)
qualify row_number() over (partition by callsign order by listing.listed_at desc, source desc, sequence desc) = 1;
