-- at most five rows, one an event that is held more than once: its source, its sequence, how often
select source, sequence, count(*) from held.base.event group by all having count(*) > 1 order by all limit 5;
