-- no rows: erases crimes of the feed with all that was told of them
create or replace temp table gone as from base.event where kind ^@ 'crime.' and key in (select key from due where why is null);
delete from base.event where kind ^@ 'crime.' and key in (select key from due where why is null);
delete from base.crime where batch is null and crime in (select key from due where why is null);
delete from base.outcome where batch is null and crime in (select key from due where why is null);
