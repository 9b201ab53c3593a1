-- no rows: erases incidents, their grades and their log, with all that was told of them
create or replace temp table gone as from base.event where kind ^@ 'incident.' and key in (select key from due where why is null);
delete from base.event where kind ^@ 'incident.' and key in (select key from due where why is null);
delete from base.incident where ref in (select key from due where why is null);
delete from base.grading where ref in (select key from due where why is null);
delete from base.incident_log where ref in (select key from due where why is null);
