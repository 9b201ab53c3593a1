-- one row: free units divided by unresourced incidents, none where no job waits
select round(free / nullif(waiting, 0), 1) as free_ratio
from (select count(*) as free from /* base */ unit($now) where /* scope: unit */ availability = 'free') u,
    (select count(*) as waiting from /* base */ incident($now) where /* scope: incident */ resourcing = 'unresourced') i;
