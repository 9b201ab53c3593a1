-- no rows: folds the duties of the touched officers, from the one before what was touched to the one after; a start and the end that follows are one
create or replace temp table stretch as
select t.key as officer, coalesce(max(d.started_at) filter (d.started_at < t.from_at), t.from_at) as from_at,
    count(d.started_at) filter (d.started_at < t.from_at) > 0 as begun,
    coalesce(min(d.ended_at) filter (d.started_at > t.to_at and d.ended_at > d.started_at), 'infinity') as to_at
from touched t left join base.duty d on d.officer = t.key
where t.thing = 'duty' group by t.key, t.from_at, t.to_at;
set variable since = (select min(from_at) from stretch);
create or replace temp table told as
select key, kind, occurred_at, source, sequence, payload, had, to_at,
    case when kind = 'duty.started' and before = kind then 'already on duty'
        when kind = 'duty.ended' and before is distinct from 'duty.started' then 'not on duty' end as fault
from (
    select *, lag(kind) over (partition by key order by occurred_at, source, sequence) as before
    from (
        select e.*, e.fault as had, s.to_at,
            not s.begun or bool_or(e.kind = 'duty.started' and e.fault is null) over (
                partition by e.key order by e.occurred_at, e.source, e.sequence rows unbounded preceding) as within
        from base.event e join stretch s on s.officer = e.key and e.occurred_at between s.from_at and s.to_at
        where e.kind ^@ 'duty.' and e.occurred_at >= getvariable('since')
    ) where within
);
delete from base.duty using stretch s where duty.officer = s.officer and duty.started_at >= s.from_at and duty.started_at < s.to_at;
insert into base.duty by name
select * exclude (kind, to_at) from (
    select key as officer, payload ->> 'unit' as unit, occurred_at as started_at,
        ((payload ->> 'until')::timestamptz at time zone 'UTC') as until_at,
        lead(occurred_at) over (partition by key order by occurred_at, source, sequence) as ended_at, kind, to_at
    from told where fault is null
) where kind = 'duty.started' and started_at < to_at;
