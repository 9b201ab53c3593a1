-- one row a value of a column of a reference table
select distinct {column}::varchar as value from ref.{table} where {column} is not null order by value;
