-- no rows: a thread a core again
reset global threads;
