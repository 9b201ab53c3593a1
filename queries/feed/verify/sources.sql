-- at most five rows, one a source whose counts aren't those of its events: the source, what is said, what is
with told as (
    select source, min(first_sequence) as first_sequence, max(last_sequence) as last_sequence, sum(events) as events, max(heard_at) as heard_at,
        max(occurred_at) as occurred_at from (
            select source, min(sequence) as first_sequence, max(sequence) as last_sequence, count(*) as events, max(received_at) as heard_at,
                max(occurred_at) as occurred_at from held.base.event group by source
            union all select source, first_sequence, last_sequence, events, heard_at, occurred_at from held.base.erased -- by retention
        ) group by source
)
select coalesce(s.source, t.source),
    format('{} to {}, {} events', s.first_sequence, s.last_sequence, s.events),
    format('{} to {}, {} events', t.first_sequence, t.last_sequence, t.events)
from held.base.source s full join told t using (source)
where (s.first_sequence, s.last_sequence, s.events, s.heard_at, s.occurred_at)
    is distinct from (t.first_sequence, t.last_sequence, t.events, t.heard_at, t.occurred_at)
order by 1 limit 5;
