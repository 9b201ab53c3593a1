-- one row a thing that was touched
select distinct thing from touched;
