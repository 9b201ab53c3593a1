-- no rows: opens another data file {path} beside this one, to be read alone
attach '{path}' as held (read_only);
