-- one row a value of a field, of the few most like a text
select value from (select distinct {column}::varchar as value from {fact}($now)) where value is not null
order by jaro_winkler_similarity(lower(value), lower($text)) desc, value limit 20;
