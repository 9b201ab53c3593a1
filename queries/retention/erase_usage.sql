-- no rows: erases uses of the console
delete from base.usage where used_at < $before;
