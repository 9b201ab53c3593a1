-- at most one row: how far a file has been read
select bytes, lines, fingerprint from base.position where path = $path;
