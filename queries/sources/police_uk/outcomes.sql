-- no rows: a batch's published outcomes
insert into base.outcome by name
select $batch as batch, * exclude (outcome, outcome_code, district, beat, reported_by, falls_within),
    coalesce(outcome, '(none given)') as outcome, outcome_code as code from read_parquet($file);
