-- one row a source: the highest sequence that has been stored or quarantined of it
select source, greatest(s.last_sequence, r.sequence) from base.source s full join base.refused r using (source);
