-- no rows: keeps what can't be read or can never be valid, once; one row of `unreadable` a line, its bytes in hexadecimal
insert into base.quarantine by name
select distinct on (place, line, bytes) u.* exclude (sequence) replace (unhex(u.bytes) as bytes), $received_at as received_at from unreadable u
where not exists (from base.quarantine q where q.place = u.place and q.line is not distinct from u.line and q.bytes = unhex(u.bytes));
