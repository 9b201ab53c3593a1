-- no rows: takes the replaced batch's collisions out
delete from base.collision where batch = $old;
