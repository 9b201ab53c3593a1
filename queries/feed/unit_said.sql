-- one row a status a touched unit gave in the stretch that was touched, in order
select callsign, occurred_at, source, sequence, state, incident, had from heard where kind = 'unit.status'
order by callsign, occurred_at, source, sequence;
