-- one row: whether nothing has been stored in this file yet
select not exists (from base.event) and not exists (from base.batch);
