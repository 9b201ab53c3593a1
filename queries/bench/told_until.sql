-- no rows: takes from the file attached as `held` all that happened by a moment, as if it had just been received
insert into base.event (source, sequence, occurred_at, received_at, kind, key, payload)
select source, sequence, occurred_at, $received_at, kind, key, payload from held.base.event where occurred_at <= $at;
