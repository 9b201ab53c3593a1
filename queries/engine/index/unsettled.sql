-- one row a row of a fact, of those of a window of time, that time alone may still change or that has one of the keys: its key, the key's hash, whether it is settled, its columns
select {key}::varchar, key_hash({key}), coalesce(({settled}), false), {columns} from {rows}
where {window} and (not coalesce(({settled}), false) or {key}::varchar in (select unnest($keys::varchar[])));
