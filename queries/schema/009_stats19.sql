-- Published road casualty statistics: a row a line of a file, codes as published; the facts in words.
create table base.collision (
    batch varchar not null,
    line bigint not null,
    collision varchar,
    year integer,
    force integer,
    date date,
    occurred_at timestamp,
    dated_at timestamp,
    severity integer,
    graded_injury integer,
    vehicles integer,
    casualties integer,
    lon double,
    lat double,
    beat varchar,
    district varchar,
    road_class integer,
    road_number integer,
    road_type integer,
    speed_limit integer,
    junction integer,
    junction_control integer,
    crossing integer,
    light integer,
    weather integer,
    surface integer,
    hazard integer,
    setting integer,
    attended integer,
    adjusted_serious double,
    adjusted_slight double,
    injury_based boolean,
    flags varchar
);

create table base.vehicle (
    batch varchar not null,
    line bigint not null,
    collision varchar,
    vehicle varchar,
    year integer,
    force integer,
    dated_at timestamp,
    type integer,
    manoeuvre integer,
    impact integer,
    purpose integer,
    sex integer,
    age integer,
    age_band integer,
    propulsion integer,
    vehicle_age integer,
    model varchar,
    escooter boolean,
    deprivation integer,
    flags varchar
);

create table base.casualty (
    batch varchar not null,
    line bigint not null,
    collision varchar,
    vehicle varchar,
    casualty varchar,
    year integer,
    force integer,
    dated_at timestamp,
    class integer,
    severity integer,
    graded_injury integer,
    type integer,
    sex integer,
    age integer,
    age_band integer,
    pedestrian_location integer,
    pedestrian_movement integer,
    deprivation integer,
    adjusted_serious double,
    adjusted_slight double,
    injury_based boolean,
    flags varchar
);

-- A code of a variable in words; several codes, of one specification or another, may say the same.
create table ref.stats19_code (variable varchar, code integer, words varchar, rank integer);
create view ref.severity as select code, words, rank from ref.stats19_code where variable = 'severity';
create view ref.graded_injury as select code, words, rank from ref.stats19_code where variable = 'graded_injury';
create view ref.road_class as select code, words, rank from ref.stats19_code where variable = 'road_class';
create view ref.road_type as select code, words, rank from ref.stats19_code where variable = 'road_type';
create view ref.junction as select code, words, rank from ref.stats19_code where variable = 'junction';
create view ref.junction_control as select code, words, rank from ref.stats19_code where variable = 'junction_control';
create view ref.crossing as select code, words, rank from ref.stats19_code where variable = 'crossing';
create view ref.light as select code, words, rank from ref.stats19_code where variable = 'light';
create view ref.weather as select code, words, rank from ref.stats19_code where variable = 'weather';
create view ref.surface as select code, words, rank from ref.stats19_code where variable = 'surface';
create view ref.hazard as select code, words, rank from ref.stats19_code where variable = 'hazard';
create view ref.setting as select code, words, rank from ref.stats19_code where variable = 'setting';
create view ref.attended as select code, words, rank from ref.stats19_code where variable = 'attended';
create view ref.casualty_class as select code, words, rank from ref.stats19_code where variable = 'casualty_class';
create view ref.casualty_type as select code, words, rank from ref.stats19_code where variable = 'casualty_type';
create view ref.pedestrian_location as select code, words, rank from ref.stats19_code where variable = 'pedestrian_location';
create view ref.pedestrian_movement as select code, words, rank from ref.stats19_code where variable = 'pedestrian_movement';
create view ref.vehicle_type as select code, words, rank from ref.stats19_code where variable = 'vehicle_type';
create view ref.manoeuvre as select code, words, rank from ref.stats19_code where variable = 'manoeuvre';
create view ref.purpose as select code, words, rank from ref.stats19_code where variable = 'purpose';
create view ref.impact as select code, words, rank from ref.stats19_code where variable = 'impact';
create view ref.propulsion as select code, words, rank from ref.stats19_code where variable = 'propulsion';
create view ref.sex as select code, words, rank from ref.stats19_code where variable = 'sex';
create view ref.age_band as select code, words, rank from ref.stats19_code where variable = 'age_band';
create view ref.police_force as select code, words, rank from ref.stats19_code where variable = 'force';

-- One row a published collision in which somebody was hurt. `dated_at` is when it was, or the beginning of its day or year where
-- no more is known; `ksi_adjusted` the chance that somebody was killed or seriously hurt, had injuries decided its severity.
create macro collision(moment) as table
select
    c.batch || ':' || c.line as row, c.batch, c.line, c.collision, c.year::varchar as year, strftime(c.date, '%Y-%m') as month, c.date,
    c.occurred_at, c.dated_at, extract(hour from local_time(c.occurred_at))::integer as hour, dayname(c.date) as weekday,
    isodow(c.date) as weekday_rank, sv.words as severity, sv.rank as severity_rank, gi.words as graded_injury,
    gi.rank as graded_injury_rank, rc.words as road_class, rc.rank as road_class_rank, rt.words as road_type,
    rt.rank as road_type_rank, ju.words as junction, ju.rank as junction_rank, jc.words as junction_control,
    jc.rank as junction_control_rank, cr.words as crossing, cr.rank as crossing_rank, li.words as light, li.rank as light_rank,
    we.words as weather, we.rank as weather_rank, su.words as surface, su.rank as surface_rank, ha.words as hazard,
    ha.rank as hazard_rank, se.words as setting, se.rank as setting_rank, ad.words as attended, ad.rank as attended_rank,
    f.words as force,
    case when c.road_number > 0 then case c.road_class when 1 then 'M' || c.road_number when 2 then 'A' || c.road_number || '(M)'
        else rc.words || c.road_number end end as road,
    c.speed_limit, c.vehicles, c.casualties, c.severity <= 2 as ksi, c.adjusted_serious, c.adjusted_slight, c.injury_based,
    case when c.adjusted_serious is not null then if(c.severity = 1, 1.0, c.adjusted_serious) end as ksi_adjusted, c.lon, c.lat, c.beat,
    p.beat_name, p.sector, coalesce(p.district, c.district) as district, c.flags
from base.collision c
left join ref.place p using (beat)
left join ref.severity sv on sv.code = c.severity
left join ref.graded_injury gi on gi.code = c.graded_injury
left join ref.road_class rc on rc.code = c.road_class
left join ref.road_type rt on rt.code = c.road_type
left join ref.junction ju on ju.code = c.junction
left join ref.junction_control jc on jc.code = c.junction_control
left join ref.crossing cr on cr.code = c.crossing
left join ref.light li on li.code = c.light
left join ref.weather we on we.code = c.weather
left join ref.surface su on su.code = c.surface
left join ref.hazard ha on ha.code = c.hazard
left join ref.setting se on se.code = c.setting
left join ref.attended ad on ad.code = c.attended
left join ref.police_force f on f.code = c.force
where coalesce(c.dated_at, moment) <= moment;

-- One row an index of a collision: when and where it was, by the first row of that index where it is repeated.
create macro collision_once() as table
select collision, year, date, occurred_at, dated_at, lon, lat, beat, district
from base.collision where collision is not null
qualify row_number() over (partition by collision order by batch, line) = 1;

-- One row a vehicle in a published collision, when and where that was; without its collision neither is known, and it counts
-- from the beginning of its year.
create macro vehicle(moment) as table
select
    v.batch || ':' || v.line as row, v.batch, v.line, v.collision, v.vehicle, coalesce(k.year, v.year)::varchar as year,
    strftime(k.date, '%Y-%m') as month, k.occurred_at, coalesce(k.dated_at, v.dated_at) as dated_at, ty.words as type,
    ty.rank as type_rank, ma.words as manoeuvre, ma.rank as manoeuvre_rank, im.words as impact, im.rank as impact_rank,
    pu.words as purpose, pu.rank as purpose_rank, sx.words as sex, sx.rank as sex_rank, ab.words as age_band,
    ab.rank as age_band_rank, pr.words as propulsion, pr.rank as propulsion_rank, f.words as force,
    v.age, v.vehicle_age, v.model, v.escooter, v.deprivation, k.lon, k.lat, k.beat, p.beat_name, p.sector,
    coalesce(p.district, k.district) as district, v.flags
from base.vehicle v
left join collision_once() k using (collision)
left join ref.place p on p.beat = k.beat
left join ref.vehicle_type ty on ty.code = v.type
left join ref.manoeuvre ma on ma.code = v.manoeuvre
left join ref.impact im on im.code = v.impact
left join ref.purpose pu on pu.code = v.purpose
left join ref.sex sx on sx.code = v.sex
left join ref.age_band ab on ab.code = v.age_band
left join ref.propulsion pr on pr.code = v.propulsion
left join ref.police_force f on f.code = v.force
where coalesce(k.dated_at, v.dated_at, moment) <= moment;

-- One row a person hurt in a published collision, when and where that was; without its collision neither is known, and it
-- counts from the beginning of its year.
create macro casualty(moment) as table
select
    c.batch || ':' || c.line as row, c.batch, c.line, c.collision, c.vehicle, c.casualty, coalesce(k.year, c.year)::varchar as year,
    strftime(k.date, '%Y-%m') as month, k.occurred_at, coalesce(k.dated_at, c.dated_at) as dated_at, cl.words as class,
    cl.rank as class_rank, sv.words as severity, sv.rank as severity_rank, gi.words as graded_injury,
    gi.rank as graded_injury_rank, ty.words as type, ty.rank as type_rank, sx.words as sex, sx.rank as sex_rank,
    ab.words as age_band, ab.rank as age_band_rank, pl.words as pedestrian_location, pl.rank as pedestrian_location_rank,
    pm.words as pedestrian_movement, pm.rank as pedestrian_movement_rank, f.words as force, c.age,
    c.deprivation, c.severity <= 2 as ksi, c.adjusted_serious, c.adjusted_slight, c.injury_based,
    case when c.adjusted_serious is not null then if(c.severity = 1, 1.0, c.adjusted_serious) end as ksi_adjusted, k.lon, k.lat, k.beat,
    p.beat_name, p.sector, coalesce(p.district, k.district) as district, c.flags
from base.casualty c
left join collision_once() k using (collision)
left join ref.place p on p.beat = k.beat
left join ref.casualty_class cl on cl.code = c.class
left join ref.severity sv on sv.code = c.severity
left join ref.graded_injury gi on gi.code = c.graded_injury
left join ref.casualty_type ty on ty.code = c.type
left join ref.sex sx on sx.code = c.sex
left join ref.age_band ab on ab.code = c.age_band
left join ref.pedestrian_location pl on pl.code = c.pedestrian_location
left join ref.pedestrian_movement pm on pm.code = c.pedestrian_movement
left join ref.police_force f on f.code = c.force
where coalesce(k.dated_at, c.dated_at, moment) <= moment;
