-- no rows: makes the schema of a section's facts, in memory
create schema if not exists memory.{section};
