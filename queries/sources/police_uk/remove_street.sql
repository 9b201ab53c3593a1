-- no rows: takes the replaced batch's crimes out
delete from base.crime where batch = $old;
