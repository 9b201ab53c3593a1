"""The DuckDB file: open, migrate, write in transactions, read with cursors."""
