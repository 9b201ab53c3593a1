-- no rows: folds the touched officers; the latest listing stands
delete from base.officer where officer in (select key from touched where thing = 'officer');
insert into base.officer by name
select key as officer, payload ->> 'name' as name, payload ->> 'rank' as rank, payload ->> 'team' as team,
    payload ->> 'district' as district, coalesce(array_to_string(((payload ->> 'skills')::json)::varchar[], ', '), '') as skills
from base.event semi join (from touched where thing = 'officer') t using (key) where kind = 'officer.listed'
qualify row_number() over (partition by key order by occurred_at desc, source desc, sequence desc) = 1;
