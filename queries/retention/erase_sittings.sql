-- no rows: erases kept sittings
delete from base.sitting where left_at < $before;
