-- one row a source that told of anything after $since and by $at: the latest moment that it told of
select split_part(source, '.', 1) as source, max(occurred_at) as occurred_at
from base.event where occurred_at <= $at and occurred_at > $since group by all;
