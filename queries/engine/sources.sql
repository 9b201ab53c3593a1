-- one row a source: when it was last heard (a heartbeat counts for the source it is of) and of what moment at the latest,
-- its gaps, its quarantined lines
select split_part(s.source, '.', 1) as source, max(s.heard_at) as heard_at, max(s.occurred_at) as occurred_at,
    coalesce(sum(s.last_sequence - s.first_sequence + 1 - s.events) filter (not s.source like '%.heartbeat'), 0)::bigint as gaps,
    any_value(q.lines) as quarantined
from base.source s
left join (select source, count(*) as lines from base.quarantine group by source) q on q.source = s.source
group by all order by all;
