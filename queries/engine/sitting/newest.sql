-- at most one row: the sitting that a user left last, if that was not before $since
select seat, left_at, selections, screen from base.sitting where viewer = $viewer and left_at >= $since order by left_at desc, seat limit 1;
