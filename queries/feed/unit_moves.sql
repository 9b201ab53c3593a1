-- one row a legal move of a unit's state
select from_code, to_code from ref.unit_move;
