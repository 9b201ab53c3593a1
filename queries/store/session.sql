-- no rows: every cursor reads and writes instants in UTC, reads staged columns of objects as text; the log is folded in seldom
set global TimeZone = 'UTC';
set global pandas_analyze_sample = 0;
set global checkpoint_threshold = '256MB';
