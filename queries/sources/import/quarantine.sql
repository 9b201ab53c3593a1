-- no rows: keeps a batch's lines that can't be rows, once; one row of `unreadable` a line, its bytes in hexadecimal
insert into base.quarantine by name
select $importer as source, u.* replace (unhex(u.bytes) as bytes), $received_at as received_at, $batch as batch
from unreadable u
where not exists (from base.quarantine q where q.batch = $batch and q.place = u.place and q.line = u.line);
