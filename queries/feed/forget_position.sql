-- no rows: forgets how far a file has been read that isn't there any more
delete from base.position where path = $path;
