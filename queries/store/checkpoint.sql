-- no rows: writes the log into the file
checkpoint;
