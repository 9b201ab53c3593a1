-- no rows: folds the touched objectives; the latest setting stands
delete from base.objective where objective in (select key from touched where thing = 'objective');
insert into base.objective by name
select key as objective, payload ->> 'title' as title, payload ->> 'kind' as kind,
    ((payload ->> 'start')::timestamptz at time zone 'UTC') as start_at,
    ((payload ->> 'end')::timestamptz at time zone 'UTC') as end_at, payload ->> 'district' as district, payload ->> 'beat' as beat
from base.event semi join (from touched where thing = 'objective') t using (key) where kind = 'objective.set'
qualify row_number() over (partition by key order by occurred_at desc, source desc, sequence desc) = 1;
