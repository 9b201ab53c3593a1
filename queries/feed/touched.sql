-- no rows: makes `touched`, one row a thing (first word of the kind) and key that events received in this take speak of, between when; plain if what came of it stands as it came, once and in its order
create or replace temp table touched as
with arrived as (
    select split_part(kind, '.', 1) as thing, split_part(kind, '.', 2) as part, key, occurred_at from base.event where received_at = $received_at
),
told as (
    select thing, key, min(occurred_at) as from_at, max(occurred_at) as to_at,
        count(*) filter (part in ('offered', 'created', 'recorded')) as opened,
        min(occurred_at) filter (part not in ('offered', 'created', 'recorded')) as next_at,
        count(*) filter (part in ('answered', 'abandoned', 'acknowledged')) as answered,
        max(occurred_at) filter (part in ('answered', 'graded')) as last_at,
        count(*) filter (part in ('ended', 'closed')) as ended,
        min(occurred_at) filter (part in ('ended', 'closed')) as ended_at
    from arrived where thing in ('contact', 'incident', 'crime') group by thing, key
)
select thing, key, from_at, to_at, opened, opened = 1 and coalesce(next_at > from_at, true) and answered <= 1 and ended <= 1
    and coalesce(last_at < ended_at, ended = 0 or thing = 'incident') as plain
from told
union all
select thing, key, min(occurred_at), max(occurred_at), 0, false from arrived where thing not in ('contact', 'incident', 'crime') group by thing, key;
