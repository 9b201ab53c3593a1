-- one row a row of a fact that the store holds of a time after now: its key
select key from (select {key}::varchar as key from {fact}($later)) where key not in (select {key}::varchar from {fact}($now));
