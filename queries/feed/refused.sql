-- no rows: remembers the highest sequence of each source that went to quarantine; one row of `unreadable` a line
insert into base.refused
select source, max(sequence), $received_at from unreadable where source <> '' and sequence is not null group by source
on conflict (source) do update set sequence = greatest(sequence, excluded.sequence), received_at = excluded.received_at;
