-- no rows: makes `heard`, one row an event of a touched unit in the stretch that was touched, what it says in columns; none is before $since;
-- with it `walked`, the units that gave a status, and `undone`, their assignments that may change
create or replace temp table heard as
select callsign, kind, occurred_at, source, sequence, had, unnest(said) from (
    select e.key as callsign, e.kind, e.occurred_at, e.source, e.sequence, e.fault as had,
        json_transform(e.payload, '{"state": "INTEGER", "incident": "VARCHAR", "lon": "DOUBLE", "lat": "DOUBLE", "beat": "VARCHAR",
            "objective": "VARCHAR", "by": "VARCHAR"}') as said
    from base.event e join touched t on t.thing = 'unit' and t.key = e.key and e.occurred_at between t.from_at and t.to_at
    where e.occurred_at >= $since and e.kind ^@ 'unit.'
);
create or replace temp table walked as
from touched semi join (from heard where kind = 'unit.status') h on h.callsign = key where thing = 'unit';
create or replace temp table undone as
select a.rowid as row, a.* from base.assignment a join walked t on t.key = a.callsign
where a.current_until >= $since and a.current_until >= t.from_at and a.assigned_at <= t.to_at;
