-- no rows: counts what each source sent in this take, and when it was last heard
insert into base.source
select source, min(sequence), max(sequence), count(*), 0, max(received_at), max(occurred_at)
from base.event where received_at = $received_at group by source
on conflict (source) do update set first_sequence = least(first_sequence, excluded.first_sequence),
    last_sequence = greatest(last_sequence, excluded.last_sequence), events = events + excluded.events,
    heard_at = greatest(heard_at, excluded.heard_at), occurred_at = greatest(occurred_at, excluded.occurred_at);
