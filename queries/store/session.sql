-- no rows: every cursor reads and writes instants in UTC, reads staged columns of objects as text; the log is folded in by us alone
set global TimeZone = 'UTC';
set global pandas_analyze_sample = 0;
set global checkpoint_threshold = '1000TB';
pragma disable_checkpoint_on_shutdown;
