-- no rows: copies all that a file holds into a new one
attach '{path}' as held (read_only);
attach '{fresh}' as fresh;
copy from database held to fresh;
checkpoint fresh;
detach fresh;
detach held;
