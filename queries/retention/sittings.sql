-- no rows: makes `due`, one row a kept sitting that is past its time
create or replace temp table due as select null::varchar as key, left_at as stood_at, null::varchar as why from base.sitting where left_at < $before;
