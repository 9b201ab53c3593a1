-- one row: the events of the last ten minutes there are, and how many events came in all
select count(*) filter (where occurred_at > (select max(occurred_at) from base.event) - interval 10 minute), count(*) from base.event;
