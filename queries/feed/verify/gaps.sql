-- one row a source with sequences missing: how many
select source, last_sequence - first_sequence + 1 - events as missing from held.base.source
where last_sequence - first_sequence + 1 > events order by missing desc, source;
