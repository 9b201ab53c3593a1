-- one row a row of a fact, oldest first: its key's hash, whether it is settled, its columns as codes and numbers
select key_hash({key}) as key, ({settled}) as settled, {columns} from {fact}($now) order by {time};
