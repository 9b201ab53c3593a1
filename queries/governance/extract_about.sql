-- no rows: writes what an extract is into it: one row of `extract`, a row a column of its tables, a row a source
create table extract as
select $marking as marking, $viewer as made_by, $made_at::timestamp as made_at, $expires_at::timestamp as expires_at, $reason as reason,
    $words as words, $case_ref as case_ref, $selection as selection, $as_of::timestamp as as_of, $data_version::bigint as data_version,
    $program as program, $notice as notice;
create table extract_column as
select unnest(json_transform($columns, '[{"fact": "varchar", "name": "varchar", "title": "varchar", "type": "varchar", "unit": "varchar", "personal": "boolean", "given": "varchar"}]'), recursive := true);
create table extract_source as
select unnest(json_transform($sources, '[{"name": "varchar", "title": "varchar", "heard_at": "timestamp", "events_missing": "bigint"}]'), recursive := true);
