-- no rows: fills the reference tables from the files of data/
delete from ref.place;
insert into ref.place
select p ->> 'beat', p ->> 'name', p ->> 'sector', p ->> 'district', (p ->> 'lon')::double, (p ->> 'lat')::double, (p ->> 'population')::bigint, (p ->> 'urban')::boolean, (p ->> 'night')::double
from (select unnest(features).properties p from read_json($beats, columns = {features: 'struct(properties json)[]'}, maximum_object_size = 67108864));
delete from ref.grade;
insert into ref.grade select * from read_csv($grade, columns = {grade: 'varchar', rank: 'integer', target_urban_s: 'integer', target_rural_s: 'integer', points: 'integer', deployable: 'boolean'});
delete from ref.incident_type;
insert into ref.incident_type select type, category, harm_days, harm_basis, on_scene_median_s, units_median, unit_hours from read_csv($incident_type, header = true);
delete from ref.offence;
insert into ref.offence select offence, category, harm_mean, harm_min, harm_max from read_csv($offence, header = true);
delete from ref.crime_category;
insert into ref.crime_category select category, harm_mean, harm_min, harm_max from read_csv($crime_category, header = true);
delete from ref.outcome_code;
insert into ref.outcome_code select code, name, positive from read_csv($outcome_code, header = true);
delete from ref.unit_state;
insert into ref.unit_state select code, state, short, glyph, deployable, available, busy, on_duty, is_state from read_csv($unit_state, header = true);
delete from ref.unit_move;
insert into ref.unit_move select from_code, to_code, why from read_csv($unit_move, header = true);
delete from ref.bank_holiday;
insert into ref.bank_holiday select date, name from read_csv($bank_holiday, header = true);
delete from ref.road_speed;
insert into ref.road_speed select class, day_kmh, night_kmh from read_csv($road_speed, header = true);
delete from ref.stats19_code;
insert into ref.stats19_code select variable, code, words, rank from read_csv($stats19_code, header = true);
delete from ref.held;
insert into ref.held values ($digest);
