-- one row an hour, from 24 h before the present one to 4 h after it, and a week back: the same local hour of that week
select hour, back, case when back = 0 then hour else ((local_time(hour) - to_days(7 * back::integer)) at time zone 'Europe/London') at time zone 'UTC' end as was
from (select unnest(generate_series($now::timestamp - interval 24 hour, $now::timestamp + interval 4 hour, interval 1 hour)) as hour), unnest(range(0, 9)) as w(back)
order by hour, back;
