-- one row a parcel and source in this take: how many of its events were stored
select a.parcel, a.source, count(*)
from (from arrived qualify row_number() over (partition by source, sequence order by line) = 1) a
join base.event e on e.source = a.source and e.sequence = a.sequence and e.received_at = $received_at
group by all;
