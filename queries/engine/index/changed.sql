-- one row a row of a fact that may have changed: its key, the key's hash, whether it is settled, its columns
select {key}::varchar, key_hash({key}), ({settled}), {columns}
from {fact}($now) where {key}::varchar in (select unnest($keys::varchar[])) or not coalesce(({settled}), false);
