-- no rows: takes the replaced batch's casualties out
delete from base.casualty where batch = $old;
