-- one row: when the last events were received
select max(received_at) from base.event;
