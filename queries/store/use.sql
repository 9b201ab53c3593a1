-- no rows: a name without a catalog is of the data file
use console_file;
