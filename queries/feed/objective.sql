-- no rows: keeps each setting of an objective; at any moment the latest stands
insert into base.objective by name
select key as objective, payload ->> 'title' as title, payload ->> 'kind' as kind,
    ((payload ->> 'start')::timestamptz at time zone 'UTC') as start_at,
    ((payload ->> 'end')::timestamptz at time zone 'UTC') as end_at, payload ->> 'district' as district, payload ->> 'beat' as beat,
    occurred_at as set_at, source, sequence
from base.event where received_at = $received_at and kind = 'objective.set';
