-- One row an officer as listed, of the district of their team, with the duty they are on at the moment, if any.
create macro officer(moment) as table
select o.officer, o.name, o.rank, o.team, o.skills, d.unit as callsign, d.started_at, d.until_at, d.unit is not null as on_duty,
    o.district, null::varchar as sector, null::varchar as beat, null::varchar as beat_name, null::double as lon, null::double as lat
from base.officer o
left join (from base.duty where started_at <= moment and (ended_at is null or ended_at > moment)) d using (officer)
qualify row_number() over (partition by o.officer order by d.started_at desc) = 1;
