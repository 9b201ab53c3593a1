-- one row: how many rows a fact has, and about how many different values each of its columns
select count(*), approx_count_distinct(columns(*)) from (select {columns} from {fact}($now));
