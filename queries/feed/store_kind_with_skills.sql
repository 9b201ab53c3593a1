-- no rows: stores a columnar batch of events of one kind that the file can't hold yet, its skills a list as JSON text
insert into base.event (source, sequence, occurred_at, received_at, kind, key, payload)
select $source, sequence, occurred_at, $received_at, $kind, key,
    to_json(struct_pack(*columns(* exclude (sequence, occurred_at, key, skills)), skills := skills::json))
from arrived;
