-- one row a place of a level: its value, and how many a rate there is of
select {level} as value, sum({column}) as of from ref.place group by all;
