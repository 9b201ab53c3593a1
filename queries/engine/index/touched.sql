-- one row a row of a fact with one of a few keys: its key, the key's hash, whether it is settled, its columns, its time
select {key}::varchar, key_hash({key}), coalesce(({settled}), false), {columns}, {time} from {rows}
where {key}::varchar in ($k0, $k1, $k2, $k3, $k4, $k5, $k6, $k7, $k8, $k9, $k10, $k11, $k12, $k13, $k14, $k15);
