-- no rows: extends for ever the units that don't stand booked off at the end of what was walked
update touched set to_at = 'infinity' where thing = 'unit' and key in (select callsign from astray);
