-- one row: how many incidents there are, and how many of them are closed
select count(*), count(closed_at) from base.incident;
