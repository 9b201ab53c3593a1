-- no rows: keeps the simulator as it stood at the end of what is stored
insert or replace into base.simulator values ($source, $until, $state);
