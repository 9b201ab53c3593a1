-- no rows: makes `due`, one row an imported batch whose month is past its time
create or replace temp table due as
select batch as key, imported_at as stood_at, null::varchar as why from base.batch where month < strftime($before::timestamp, '%Y-%m');
