-- no rows: makes `base.bench_crime` and `base.bench_assignment`, $rows of each, half of them of an incident ($rows), and their facts
create or replace table base.bench_crime as
with drawn as (
    select range as n, (hash(range * 67 + $seed) >> 11)::double / 9007199254740992.0 as u1,
        (hash(range * 71 + $seed) >> 11)::double / 9007199254740992.0 as u2,
        (hash(range * 73 + $seed) >> 11)::double / 9007199254740992.0 as u3,
        (hash(range * 79 + $seed) >> 11)::double / 9007199254740992.0 as u4
    from range($rows)
)
select n as crime, case when u1 < 0.5 then floor(2 * u1 * $rows)::bigint end as of_incident,
    'Offence ' || lpad(floor(30 * pow(u2, 2))::integer::varchar, 2, '0') as offence,
    'Result ' || floor(8 * pow(u3, 1.5))::integer as result, 'Ward ' || lpad(floor(90 * pow(u4, 1.4))::integer::varchar, 2, '0') as ward,
    floor(36 * pow((u2 + u4) / 2, 0.9))::integer as month, least(1000, round(pow(1.000001 - u3, -0.7) * 4))::integer as harm,
    timestamp '2022-01-01' + to_seconds(floor(94000000 * u4)) as recorded_at
from drawn;
create or replace macro crime(moment) as table select * from base.bench_crime where recorded_at <= moment;
create or replace table base.bench_assignment as
with drawn as (
    select range as n, (hash(range * 83 + $seed) >> 11)::double / 9007199254740992.0 as u1,
        (hash(range * 89 + $seed) >> 11)::double / 9007199254740992.0 as u2,
        (hash(range * 97 + $seed) >> 11)::double / 9007199254740992.0 as u3
    from range($rows)
)
select n as assignment, case when u1 < 0.5 then floor(2 * u1 * $rows)::bigint end as to_incident,
    'Team ' || lpad(floor(60 * pow(u2, 1.5))::integer::varchar, 2, '0') as team, 'Kind ' || floor(7 * pow(u3, 2))::integer as kind,
    timestamp '2022-01-01' + to_seconds(floor(94000000 * u2)) as assigned_at,
    case when u3 < 0.7 then assigned_at + to_seconds(600 + floor(9000 * u3)) end as ended_at
from drawn;
create or replace macro assignment(moment) as table select * from base.bench_assignment where assigned_at <= moment;
