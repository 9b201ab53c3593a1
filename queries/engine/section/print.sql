-- one row: how many rows of a fact are shown, and a mark of what they are together
select count(*), bit_xor(hash({of})) from {fact}($now) as t;
