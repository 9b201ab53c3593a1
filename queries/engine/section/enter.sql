-- no rows: from here on this cursor reads facts as a section shows them
set search_path = 'memory.{section},console_file.main,console_file.base,console_file.ref';
