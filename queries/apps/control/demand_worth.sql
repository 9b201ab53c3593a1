-- one row a type and grade of incidents that need officers: what such a one asks for, in thousandths of a unit-hour
select type, grade, round(1000 * unit_hours)::bigint as worth from ref.incident_type, ref.grade where deployable;
