-- no rows: makes the macros that the other queries of this folder code columns with; a missing key is 0
create or replace temp macro key_hash(value) as case when value is null then 0::ubigint else hash(value::varchar) end;
create or replace temp macro as_number(value) as value::double;
create or replace temp macro as_instant(value) as coalesce(epoch_us(value::timestamp), -9223372036854775808);
create or replace temp macro as_whole(value) as coalesce(value::bigint, -9223372036854775808);
