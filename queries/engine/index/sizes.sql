-- one row: how many rows a fact has, and about how many different values each of its columns
select count(*), {sizes} from {fact}($now);
