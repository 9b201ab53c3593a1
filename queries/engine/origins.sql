-- one row a source whose events or batches the file holds
select distinct split_part(source, '.', 1) as source from base.source union select distinct importer from base.batch order by 1;
