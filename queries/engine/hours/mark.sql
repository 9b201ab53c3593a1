-- one row: what is another when the shifts are others
select count(*), bit_xor(hash(s)) from ({shifts}) s;
