-- no rows: keeps the simulator as it stood at the end of what is stored
insert or replace into base.simulator (source, until, state, stops_at) values ($source, $until, $state, $stops_at);
