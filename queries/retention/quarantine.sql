-- no rows: makes `due`, one row a quarantined line that is past its time; those of a batch go with it
create or replace temp table due as
select null::varchar as key, received_at as stood_at, null::varchar as why from base.quarantine where received_at < $before and batch is null;
