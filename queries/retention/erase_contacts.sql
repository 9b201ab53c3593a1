-- no rows: erases contacts with all that was told of them
create or replace temp table gone as from base.event where kind ^@ 'contact.' and key in (select key from due where why is null);
delete from base.event where kind ^@ 'contact.' and key in (select key from due where why is null);
delete from base.contact where contact in (select key from due where why is null);
