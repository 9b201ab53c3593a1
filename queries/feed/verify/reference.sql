-- one row: whether the file was last opened with the reference tables of this program
select (select digest from held.ref.held) is not distinct from (select digest from ref.held);
