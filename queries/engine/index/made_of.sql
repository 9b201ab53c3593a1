-- one row: the database's version, which may hash otherwise than another, and the digest of the reference tables
select version(), (select max(digest) from ref.held);
