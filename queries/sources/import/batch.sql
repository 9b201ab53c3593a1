-- no rows: records a batch, the event that says so, and that it replaces the one before
update base.batch set replaced_by = $batch where importer = $importer and kind = $kind and force = $force and month = $month and replaced_by is null;
insert or replace into base.batch by name
select $batch as batch, $importer as importer, $kind as kind, $force as force, $month as month, $file as file, $sha256 as sha256,
    $rows as rows, $flagged as flagged, $quarantined as quarantined, $received_at as imported_at,
    null as replaced_by;
insert into base.event (source, sequence, occurred_at, received_at, kind, key, payload)
select 'import', coalesce((select max(last_sequence) from base.source where source = 'import'), 0) + 1, $received_at, $received_at,
    'batch.imported', $batch, to_json({importer: $importer, kind: $kind, force: $force, month: $month, file: $file, sha256: $sha256, rows: $rows});
insert into base.source
select source, sequence, sequence, 1, 0, received_at, occurred_at from base.event where source = 'import' and received_at = $received_at
on conflict (source) do update set last_sequence = excluded.last_sequence, events = events + 1, heard_at = excluded.heard_at,
    occurred_at = excluded.occurred_at;
