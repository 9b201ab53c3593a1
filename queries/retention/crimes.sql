-- no rows: makes `due`, one row a crime of the feed of which nothing was told within its time, why it is kept back, or null where it goes
create or replace temp table due as
with told as (select key, max(occurred_at) as stood_at from base.event where kind ^@ 'crime.' group by key)
select told.key, told.stood_at, case when c.crime is not null and c.outcome_at is null then 'still under investigation' end as why
from told left join base.crime c on c.crime = told.key and c.batch is null left join terms t on t.value = c.category
where told.stood_at < coalesce(t.before_at, $before);
