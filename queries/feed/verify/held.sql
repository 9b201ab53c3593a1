-- one row: how many events, quarantined lines, imports and files read there are
select (select count(*) from held.base.event), (select count(*) from held.base.quarantine), (select count(*) from held.base.batch),
    (select count(*) from held.base.position), (select count(*) from held.base.source);
