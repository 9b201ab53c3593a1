-- one row a row of a fact that time alone may still change: its key, the key's hash, whether it is settled, its columns, its time
select {key}::varchar, key_hash({key}), false, {columns}, {time} from {rows} where not coalesce(({settled}), false);
