-- one row a migration that this file has had
select number, name, program from migration order by number;
