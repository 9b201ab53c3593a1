-- One row an officer as listed, at the station of their team, with the duty they are on at the moment, if any.
create macro officer(moment) as table
select o.officer, o.name, o.rank, o.team, o.skills, d.unit as callsign, d.started_at, d.until_at, d.unit is not null as on_duty,
    o.district, p.sector, s.beat, p.beat_name, s.lon, s.lat
from base.officer o
left join (from base.duty where started_at <= moment and (ended_at is null or ended_at > moment)) d using (officer)
left join (
    select team, home_district as district, min(home_beat) as beat, arg_min(home_lon, home_beat) as lon, arg_min(home_lat, home_beat) as lat
    from base.unit group by all
) s using (team, district)
left join ref.place p on p.beat = s.beat
qualify row_number() over (partition by o.officer order by d.started_at desc) = 1;
