-- What the force is, filled from data/ each time the file is opened.
create schema ref;
create table ref.place (beat varchar, beat_name varchar, sector varchar, district varchar, lon double, lat double, population bigint, urban boolean, night double);
create table ref.grade (grade varchar, rank integer, target_urban_s integer, target_rural_s integer, points integer, deployable boolean);
create table ref.incident_type (type varchar, category varchar, harm_days double, harm_basis varchar, on_scene_median_s integer, units_median integer, unit_hours double);
create table ref.offence (offence varchar, category varchar, harm_mean double, harm_min double, harm_max double);
create table ref.outcome_code (code integer, outcome varchar, positive boolean);
create table ref.unit_state (code integer, state varchar, short varchar, glyph varchar, deployable boolean, available boolean, busy boolean, on_duty boolean, is_state boolean);
create table ref.unit_move (from_code integer, to_code integer, why varchar);
create table ref.bank_holiday (date date, name varchar);
create table ref.road_speed (class varchar, day_kmh double, night_kmh double);
create table ref.held (digest varchar);
