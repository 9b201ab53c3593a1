-- no rows: whether a measure and the rows it counts are of a fact's columns
select {measure} from {fact}($now) where {rows} limit 0;
