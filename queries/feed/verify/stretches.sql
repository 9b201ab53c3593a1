-- one row an hour in which something occurred: its beginning, and how many events there are
select date_trunc('hour', occurred_at) as hour, count(*) from held.base.event group by all order by all;
