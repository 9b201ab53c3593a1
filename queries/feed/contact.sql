-- no rows: folds the touched contacts; an offer opens, the first answer or abandonment decides, an end follows an answer
create or replace temp table told as
with ordered as (
    select e.*, row_number() over (partition by key order by occurred_at, source, sequence) as n
    from base.event e semi join (from touched where thing = 'contact') t using (key) where e.kind like 'contact.%'
),
marked as (
    select *, min(n) filter (kind = 'contact.offered') over (partition by key) as offered_n from ordered
),
decided as (
    select *, min(n) filter (kind in ('contact.answered', 'contact.abandoned') and n > offered_n) over (partition by key) as decided_n
    from marked
),
ended as (
    select *, max(kind) filter (n = decided_n) over (partition by key) as decision,
        min(n) filter (kind = 'contact.ended' and n > decided_n) over (partition by key) as ended_n
    from decided
)
select key, kind, occurred_at, source, sequence, payload, fault as had,
    case when kind = 'contact.offered' then case when n <> offered_n then 'already offered' end
        when offered_n is null or n < offered_n then 'not offered yet'
        when kind in ('contact.answered', 'contact.abandoned') then case when n <> decided_n then 'already answered or abandoned' end
        when decided_n is null or n < decided_n or decision = 'contact.abandoned' then 'ended without an answer'
        when n <> ended_n then 'already ended' end as fault
from ended;
delete from base.contact where contact in (select key from touched where thing = 'contact');
insert into base.contact by name
select key as contact,
    any_value(payload ->> 'line') filter (kind = 'contact.offered') as line,
    min(occurred_at) filter (kind = 'contact.offered') as offered_at,
    min(occurred_at) filter (kind = 'contact.answered') as answered_at,
    min(occurred_at) filter (kind = 'contact.abandoned') as abandoned_at,
    min(occurred_at) filter (kind = 'contact.ended') as ended_at,
    any_value(payload ->> 'incident') filter (kind = 'contact.ended') as incident,
    any_value(payload ->> 'beat') filter (kind = 'contact.offered') as beat
from told where fault is null group by key having count(*) filter (kind = 'contact.offered') = 1;
