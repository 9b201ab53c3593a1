-- no rows: opens the data file {path} under a name of ours, whatever its own name is
attach '{path}' as console_file;
