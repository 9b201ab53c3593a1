-- no rows: erases positions with the events that told of them
create or replace temp table gone as from base.event semi join due using (source, sequence) where kind = 'unit.moved';
delete from base.event using due where event.kind = 'unit.moved' and event.source = due.source and event.sequence = due.sequence;
delete from base.unit_position where moved and heard_at < greatest($before, $thin_before) and not exists (
    from base.event e where e.kind = 'unit.moved' and e.key = unit_position.callsign and e.occurred_at = unit_position.heard_at);
insert into base.kept select 'unit.moved', max(stood_at) + interval 1 microsecond from due where stood_at < $before having count(*) > 0
on conflict (kind) do update set from_at = greatest(from_at, excluded.from_at);
