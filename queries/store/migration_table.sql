-- no rows: makes the table of applied migrations
create table if not exists migration (number integer primary key, name varchar not null, applied_at timestamp not null, program varchar not null);
