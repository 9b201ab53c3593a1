-- two rows: the measures of the base rows in scope, then of all the base rows
with told as (select *, coalesce({scope}, false) as inside from {fact}($now) where {base})
select {measures}, 1 as place from told where inside union all select {measures}, 2 from told order by place;
