-- at most one row: where the simulator stood at the end of what is stored
select until, state from base.simulator where source = $source;
