-- no rows: one thread for this file's queries, where something else keeps the other cores busy
set global threads = 1;
