-- no rows: remembers from when on a thing's events are still kept, and how many of each source were erased
insert into base.horizon values ($thing, $horizon)
on conflict (thing) do update set before_at = greatest(before_at, excluded.before_at);
insert into base.erased select $at, $kind, source, count(*), min(sequence), max(sequence), max(received_at), max(occurred_at) from gone group by source;
