-- one row a value of a column: it, its incidents and their harm under the other clauses
select {column} as value, count(*) as incidents, sum(harm) as harm from {table} where {scope} group by value;
