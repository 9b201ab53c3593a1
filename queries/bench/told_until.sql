-- no rows: takes from a file all that happened by a moment, as if it had just been received
attach '{path}' as held (read_only);
insert into base.event (source, sequence, occurred_at, received_at, kind, key, payload)
select source, sequence, occurred_at, $received_at, kind, key, payload from held.base.event where occurred_at <= $at;
detach held;
