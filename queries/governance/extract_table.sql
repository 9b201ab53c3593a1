-- no rows: makes the table of a fact in an extract, without rows yet
create table "{fact}" ({columns});
