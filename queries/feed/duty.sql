-- no rows: folds the duties of the touched officers; a start and the end that follows it are one duty
create or replace temp table told as
select key, kind, occurred_at, source, sequence, payload, fault as had,
    case when kind = 'duty.started' and before = kind then 'already on duty'
        when kind = 'duty.ended' and before is distinct from 'duty.started' then 'not on duty' end as fault
from (
    select e.*, lag(kind) over (partition by key order by occurred_at, source, sequence) as before
    from base.event e semi join (from touched where thing = 'duty') t using (key) where e.kind like 'duty.%'
);
delete from base.duty where officer in (select key from touched where thing = 'duty');
insert into base.duty by name
select * exclude (kind) from (
    select key as officer, payload ->> 'unit' as unit, occurred_at as started_at,
        ((payload ->> 'until')::timestamptz at time zone 'UTC') as until_at,
        lead(occurred_at) over (partition by key order by occurred_at, source, sequence) as ended_at, kind
    from told where fault is null
) where kind = 'duty.started';
