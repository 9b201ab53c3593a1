-- no rows: stores a columnar batch of events whose kind carries nothing
insert into base.event (source, sequence, occurred_at, received_at, kind, key, payload)
select $source, sequence, occurred_at, $received_at, $kind, key, '{}' from arrived;
