-- one row a source in this take: how many of its events were stored
select source, count(*) from base.event where received_at = $received_at group by source;
