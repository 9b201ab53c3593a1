-- one row a value of a column: as text, as it is, its place in order
create or replace temp table {name} as
select {column}::varchar as word, any_value({column}) as value, min({place}) as place
from {fact}($now) where {column} is not null group by word order by value limit $limit;
create or replace temp type {name}_word as enum (select word from {name} order by rowid);
create or replace temp macro {name}_code(value) as coalesce(enum_code(value::varchar::{name}_word) + 1, 0)::usmallint;
select word, value, place from {name} order by rowid;
