-- at most one row: the last sequence held of a source
select last_sequence from base.source where source = $source;
