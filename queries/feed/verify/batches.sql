-- at most five rows, one an import that isn't as it was counted: the batch, its rows and quarantined lines as counted, and as they are
with told as (
    select batch, count(*) as rows from (
        select batch from held.base.crime union all select batch from held.base.outcome union all select batch from held.base.stop_search
        union all select batch from held.base.collision union all select batch from held.base.vehicle union all select batch from held.base.casualty
    ) where batch is not null group by batch
),
bad as (select batch, count(*) as lines from held.base.quarantine where batch is not null group by batch),
evented as (select distinct key as batch from held.base.event where kind = 'batch.imported')
select coalesce(b.batch, t.batch), coalesce(b.rows, 0), coalesce(t.rows, 0), coalesce(b.quarantined, 0), coalesce(bad.lines, 0),
    e.batch is not null
from held.base.batch b full join told t using (batch) left join bad on bad.batch = b.batch left join evented e on e.batch = b.batch
where b.batch is null or e.batch is null or if(b.replaced_by is null, b.rows, 0) <> coalesce(t.rows, 0)
    or b.quarantined <> coalesce(bad.lines, 0)
order by all limit 5;
