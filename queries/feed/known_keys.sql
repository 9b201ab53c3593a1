-- one row a thing and key, of some that are asked for, of which the file holds an event
select distinct thing, key from (select unnest($things::varchar[]) as thing, unnest($keys::varchar[]) as key) asked
where exists (from base.event e where e.key = asked.key and split_part(e.kind, '.', 1) = asked.thing);
