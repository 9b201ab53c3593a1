-- one row a reason for which what is due is kept back, and one, with none, of what goes: how many, the oldest and the newest
select why, count(*), min(stood_at), max(stood_at) from due group by why order by why nulls first;
