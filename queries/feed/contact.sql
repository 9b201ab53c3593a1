-- no rows: folds the touched contacts; an offer opens, the first answer or abandonment decides, an end follows an answer
create or replace temp table told as
with offered as (
    select key, min(n) as offered_n from story where kind = 'contact.offered' group by key
),
decided as (
    select key, min(n) as decided_n, arg_min(kind, n) as decision
    from story join offered using (key) where kind in ('contact.answered', 'contact.abandoned') and n > offered_n group by key
),
ended as (
    select key, min(n) as ended_n from story join decided using (key) where kind = 'contact.ended' and n > decided_n group by key
)
select key, kind, occurred_at, source, sequence, payload, fault as had,
    case when kind = 'contact.offered' then case when n <> offered_n then 'already offered' end
        when offered_n is null or n < offered_n then 'not offered yet'
        when kind in ('contact.answered', 'contact.abandoned') then case when n <> decided_n then 'already answered or abandoned' end
        when decided_n is null or n < decided_n or decision = 'contact.abandoned' then 'ended without an answer'
        when n <> ended_n then 'already ended' end as fault
from story left join offered using (key) left join decided using (key) left join ended using (key);
delete from base.contact where contact in (select key from touched where thing = 'contact' and not plain);
insert into base.contact by name
with stands as (
    select key, kind, occurred_at, payload from told where fault is null
    union all
    select key, kind, occurred_at, payload from base.event anti join (from touched where thing = 'contact' and not plain) t using (key)
    where received_at = $received_at and kind ^@ 'contact.'
)
select key as contact,
    any_value(payload ->> 'line') filter (kind = 'contact.offered') as line,
    min(occurred_at) filter (kind = 'contact.offered') as offered_at,
    min(occurred_at) filter (kind = 'contact.answered') as answered_at,
    min(occurred_at) filter (kind = 'contact.abandoned') as abandoned_at,
    min(occurred_at) filter (kind = 'contact.ended') as ended_at,
    any_value(payload ->> 'incident') filter (kind = 'contact.ended') as incident,
    any_value(payload ->> 'beat') filter (kind = 'contact.offered') as beat
from stands group by key having count(*) filter (kind = 'contact.offered') = 1;
