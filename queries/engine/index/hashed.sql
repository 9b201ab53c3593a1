-- one row a key: it and its hash
select key, key_hash(key) from (select unnest($keys::varchar[]) as key);
