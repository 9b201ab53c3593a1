-- one row: the time of the newest event, or none
select max(occurred_at) from base.source;
