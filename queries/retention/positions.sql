-- no rows: makes `due`, one row a position that is past its time or, past another, not the last of its unit in a while
create or replace temp table due as
select source, sequence, key, occurred_at as stood_at, null::varchar as why
from base.event where kind = 'unit.moved' and occurred_at < greatest($before, $thin_before)
qualify occurred_at < $before
    or row_number() over (partition by key, time_bucket($every::interval, occurred_at) order by occurred_at desc, source desc, sequence desc) > 1;
