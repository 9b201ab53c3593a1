-- one row an officer as listed, with the duty they are on at the moment, if any.
create macro officer(moment) as table (
    select o.officer, o.name, o.rank, o.team, o.district as home_district, o.skills,
        d.unit as callsign, d.started_at, d.until_at, d.unit is not null as on_duty
    from base.officer o
    left join (from base.duty where started_at <= moment and (ended_at is null or ended_at > moment)) d using (officer)
    qualify row_number() over (partition by o.officer order by d.started_at desc) = 1
);
