-- no rows: opens another data file {path} beside, as `held`, to read
attach '{path}' as held (read_only);
