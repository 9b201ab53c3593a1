-- no rows: keeps a line that can't be a row
insert into base.quarantine by name
select $source as source, $place as place, $line as line, $reason as reason, $bytes::blob as bytes, octet_length($bytes::blob) as length,
    $received_at as received_at, $batch as batch;
