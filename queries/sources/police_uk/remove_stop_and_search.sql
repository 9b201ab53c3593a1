-- no rows: takes the replaced batch's searches out
delete from base.stop_search where batch = $old;
