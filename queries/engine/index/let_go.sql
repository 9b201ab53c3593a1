-- no rows: drops rows that were kept in memory
drop table if exists {name};
