-- one row: how many of a fact's rows of these keys are shown at a moment
select count(*) from {fact}($now) where {key}::varchar in (select unnest($keys::varchar[]));
