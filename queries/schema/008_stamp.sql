-- The mark of the commit that made the data version: no two commits have the same, also of copies of one file.
alter table base.data_version add column stamp uuid;
