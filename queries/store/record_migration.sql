-- no rows: records a migration
insert into migration values ($number, $name, (now() at time zone 'UTC')::timestamp, $program);
