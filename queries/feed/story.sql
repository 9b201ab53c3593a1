-- no rows: makes `story`, one row an event of the touched keys of a thing that aren't plain, with its place in the key's order; none before $since is without a fault
create or replace temp table story as
with held as (
    from base.event where occurred_at >= $since and kind ^@ ($thing || '.')
    union all
    from base.event where occurred_at < $since and fault >= '' and kind ^@ ($thing || '.')
)
select h.*, row_number() over (partition by key order by occurred_at, source, sequence) as n
from held h semi join (from touched where thing = $thing and not plain) t using (key);
