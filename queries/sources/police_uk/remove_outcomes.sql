-- no rows: takes the replaced batch's outcomes out
delete from base.outcome where batch = $old;
