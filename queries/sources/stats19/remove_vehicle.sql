-- no rows: takes the replaced batch's vehicles out
delete from base.vehicle where batch = $old;
