-- one row a row of a fact that time alone may still change: its key, the key's hash, whether it is settled, its columns
select {key}::varchar, key_hash({key}), false, {columns} from {fact}($now) where not coalesce(({settled}), false);
