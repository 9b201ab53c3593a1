-- no rows: makes `touched`, one row a thing (first word of the kind) and key that events received in this take speak of, between when; plain if it needs no story: what came is in order and beyond all that was held of it
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
update touched set plain = false from base.contact c where plain and thing = 'contact' and c.contact = key;
update touched set plain = false from base.incident i where plain and thing = 'incident' and i.ref = key;
update touched set plain = false from base.event e where plain and e.fault >= '' and e.key = touched.key;
update touched set plain = (opened = 0 and from_at > greatest(c.recorded_at, c.allocated_at, c.outcome_at))
from base.crime c where thing = 'crime' and c.batch is null and c.crime = key;
