-- one row a value of a field that is given, whatever its capitals, or missing
select distinct value from (select {column}::varchar as value from {fact}($now)) where value is null or list_contains($given, lower(value));
