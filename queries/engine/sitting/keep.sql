-- no rows: keeps `sittings`, a row a user and seat in the place of what was kept there; those left before $since go, and all but the $most newest of a user
insert or replace into base.sitting select viewer, seat, left_at, selections, screen from sittings;
delete from base.sitting where left_at < $since;
delete from base.sitting where exists (
    from (select viewer, seat, row_number() over (partition by viewer order by left_at desc, seat) as place from base.sitting) ranked
    where ranked.place > $most and ranked.viewer = sitting.viewer and ranked.seat = sitting.seat
);
