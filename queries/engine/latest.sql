-- one row: the latest time that a fact holds
select max({time}) from {fact}($now);
