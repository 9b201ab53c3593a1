-- no rows: opens the data file {path} under a name of ours, to be read alone
attach '{path}' as console_file (read_only);
