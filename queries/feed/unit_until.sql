-- no rows: extends the touched units to their next booking-off after it all, where what follows can't change; else for ever
update touched set to_at = coalesce((
    select min(from_at) from (
        select s.from_at from base.unit_status s where s.from_at > $since and s.callsign = touched.key and s.from_at > touched.to_at
        group by s.from_at having max_by(s.state, (s.source, s.sequence)) = 11)), 'infinity')
where thing = 'unit';
