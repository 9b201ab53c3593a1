-- one row a shift of a unit, from when until when, and when it ended if it has
select distinct unit, started_at, until_at, ended_at from duty($now) where started_at >= date_trunc('hour', $now::timestamp) - interval 59 day;
