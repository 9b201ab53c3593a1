-- no rows: makes `touched`, one row a thing (first word of the kind) and key that events received in this take speak of, and between when
create or replace temp table touched as
select split_part(kind, '.', 1) as thing, key, min(occurred_at) as from_at, max(occurred_at) as to_at
from base.event where received_at = $received_at
group by all;
