-- no rows: marks the events of `told` with the faults found, and clears those that a later arrival has mended
update base.event set fault = t.fault from (from told where fault is distinct from had) t
where base.event.source = t.source and base.event.sequence = t.sequence;
