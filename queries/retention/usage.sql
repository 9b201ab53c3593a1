-- no rows: makes `due`, one row a use of the console that is past its time
create or replace temp table due as select null::varchar as key, used_at as stood_at, null::varchar as why from base.usage where used_at < $before;
