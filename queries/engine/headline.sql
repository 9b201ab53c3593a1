-- two rows: the measures of the base rows in scope and how many those are, then of all the base rows
with told as (select *, coalesce({scope}, false) as inside from {facts} where {base})
select {measures}, count(*) as held, 1 as place from told where inside
union all select {measures}, count(*), 2 from told order by place;
