-- no rows: erases imported batches with the events that tell of them
create or replace temp table gone as
from base.event where kind = 'batch.imported' and key in (select key from due where why is null);
delete from base.event where kind = 'batch.imported' and key in (select key from due where why is null);
delete from base.crime where batch in (select key from due where why is null);
delete from base.outcome where batch in (select key from due where why is null);
delete from base.stop_search where batch in (select key from due where why is null);
delete from base.collision where batch in (select key from due where why is null);
delete from base.vehicle where batch in (select key from due where why is null);
delete from base.casualty where batch in (select key from due where why is null);
delete from base.quarantine where batch in (select key from due where why is null);
delete from base.batch where batch in (select key from due where why is null);
