-- one row: what is held of some forces and years (`force/year`), how much of it meets, and the years that lack a kind
with standing as (
    select batch, kind, month as year, rows from base.batch
    where importer = 'stats19' and replaced_by is null and list_contains($parts::varchar[], force || '/' || month)
),
collisions as (
    select collision, any_value(vehicles) as vehicles, any_value(casualties) as casualties
    from base.collision where collision is not null group by collision
),
here as (
    select distinct collision from base.collision where collision is not null and batch in (select batch from standing)
),
v as (select collision, count(*) as n from base.vehicle where batch in (select batch from standing) group by collision),
c as (select collision, count(*) as n from base.casualty where batch in (select batch from standing) group by collision),
lacking as (
    select k.kind, list(y.year order by y.year) as years
    from (select distinct year from standing) y
    cross join (select unnest(['collision', 'vehicle', 'casualty']) as kind) k
    anti join standing s on s.year = y.year and s.kind = k.kind
    group by k.kind
)
select
    (select coalesce(sum(rows), 0)::bigint from standing where kind = 'collision') as collisions,
    (select coalesce(sum(n), 0)::bigint from v) as vehicles,
    (select coalesce(sum(v.n), 0)::bigint from v anti join collisions k on k.collision = v.collision) as vehicles_alone,
    (select count(*) from here join collisions using (collision) join v using (collision) where v.n <> collisions.vehicles) as vehicles_differ,
    (select coalesce(sum(n), 0)::bigint from c) as casualties,
    (select coalesce(sum(c.n), 0)::bigint from c anti join collisions k on k.collision = c.collision) as casualties_alone,
    (select count(*) from here join collisions using (collision) join c using (collision) where c.n <> collisions.casualties) as casualties_differ,
    (select list({kind: kind, years: years} order by kind) from lacking) as lacking;
