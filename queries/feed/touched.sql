-- no rows: makes `touched`, one row a thing (first word of the kind) and key that events received in this take speak of, between when; plain if what came of it stands as it came, once and in its order
create or replace temp table touched as
with steps (kind, thing, step) as (
    values ('contact.offered', 'contact', 1), ('incident.created', 'incident', 1), ('crime.recorded', 'crime', 1), -- begins it, once
        ('contact.answered', 'contact', 2), ('contact.abandoned', 'contact', 3), ('incident.acknowledged', 'incident', 3), -- one of these, once
        ('contact.ended', 'contact', 4), ('incident.closed', 'incident', 4), ('incident.graded', 'incident', 5), -- ends it, once; before that end
        ('incident.logged', 'incident', 6), ('crime.allocated', 'crime', 6), ('crime.outcome', 'crime', 6) -- any time
),
told as (
    select thing, key, min(occurred_at) as from_at, max(occurred_at) as to_at,
        count(*) filter (step = 1) as opened, min(occurred_at) filter (step > 1) as next_at, count(*) filter (step in (2, 3)) as answered,
        max(occurred_at) filter (step in (2, 5)) as last_at, count(*) filter (step = 4) as ended, min(occurred_at) filter (step = 4) as ended_at
    from base.event join steps using (kind) where received_at = $received_at group by thing, key
)
select thing, key, from_at, to_at, opened, opened = 1 and coalesce(next_at > from_at, true) and answered <= 1 and ended <= 1
    and coalesce(last_at < ended_at, ended = 0 or thing = 'incident') as plain
from told
union all
select split_part(kind, '.', 1) as thing, key, min(occurred_at), max(occurred_at), 0, false
from base.event anti join steps using (kind) where received_at = $received_at group by all;
