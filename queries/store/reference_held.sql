-- one row: the digest of the reference files this file holds
select digest from ref.held;
