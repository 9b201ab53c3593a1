-- one row a simulator whose older history is still being made: its source
select source from base.simulator where until < stops_at;
