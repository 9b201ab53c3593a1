-- one row a row of a fact with one of these keys and not from before a time: its key, the key's hash, whether it is settled, its columns, its time
select {key}::varchar, key_hash({key}), coalesce(({settled}), false), {columns}, {time} from {rows}
where {time} >= $since and {key}::varchar in (select unnest($keys::varchar[]));
