-- one row: how many of the events that arrived and weren't held yet are stored; one row of `arrived` an event, first come first kept
insert into base.event (source, sequence, occurred_at, received_at, kind, key, payload)
select source, sequence, occurred_at, $received_at, kind, key, payload
from (from arrived qualify row_number() over (partition by source, sequence order by line) = 1) a
where not exists (
    from base.event e
    where e.source = a.source and e.sequence = a.sequence
        and e.sequence between $first and $last
);
