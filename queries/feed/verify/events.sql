-- no rows: takes the events of a stretch from the file that is verified, as if they had just been received
insert into base.event (source, sequence, occurred_at, received_at, kind, key, payload)
select source, sequence, occurred_at, $received_at, kind, key, payload
from held.base.event where occurred_at >= $from_at and occurred_at < $until;
