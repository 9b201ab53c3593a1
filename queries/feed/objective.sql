-- no rows: folds the touched objectives; the latest setting stands
create or replace temp table told as
from base.event where received_at = $received_at and kind = 'objective.set'
union all
from base.event semi join (from base.objective semi join touched on thing = 'objective' and key = objective) o on objective = key
where received_at <> $received_at and kind = 'objective.set';
delete from base.objective where objective in (select key from touched where thing = 'objective');
insert into base.objective by name
select key as objective, payload ->> 'title' as title, payload ->> 'kind' as kind,
    ((payload ->> 'start')::timestamptz at time zone 'UTC') as start_at,
    ((payload ->> 'end')::timestamptz at time zone 'UTC') as end_at, payload ->> 'district' as district, payload ->> 'beat' as beat
from told qualify row_number() over (partition by key order by occurred_at desc, source desc, sequence desc) = 1;
