-- one row: when the last events were received
select max(heard_at) from base.source;
