-- Where a simulator that only fills in older history is to stop; null where it goes on for ever.
alter table base.simulator add column stops_at timestamp;
