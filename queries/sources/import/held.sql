-- at most one row: the batch that stands for a kind, force and month
select batch from base.batch where importer = $importer and kind = $kind and force = $force and month = $month and replaced_by is null;
