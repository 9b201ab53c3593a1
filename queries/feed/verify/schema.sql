-- one row: the number of the last migration that the file has had
select max(number) from held.migration;
