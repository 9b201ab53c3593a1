-- at most one row: the sequence and hash of the newest row of the audit, and when it was written
select sequence, hash, done_at from base.audit order by sequence desc limit 1;
