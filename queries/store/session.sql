-- no rows: every cursor reads and writes instants in UTC, and reads staged columns of objects as text
set global TimeZone = 'UTC';
set global pandas_analyze_sample = 0;
