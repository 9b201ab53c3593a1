-- no rows: keeps rows of a fact while a page of panels is answered from them
create or replace temp table held_{fact} as from {fact}($now) where {base};
