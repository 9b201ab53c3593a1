-- one row a simulator: where it stood at the end of what is stored, where it is to stop, and how to go on
select source, until, stops_at, state from base.simulator;
