-- one row: the incidents under all clauses and their harm
select count(*) as incidents, sum(harm) as harm from {table} where {scope};
