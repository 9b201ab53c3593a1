-- no rows: remembers how far a file has been read
insert or replace into base.position values ($path, $bytes, $lines, $fingerprint);
