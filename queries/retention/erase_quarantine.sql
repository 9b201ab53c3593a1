-- no rows: erases quarantined lines
delete from base.quarantine where received_at < $before and batch is null;
