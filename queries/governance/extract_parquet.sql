-- no rows: writes the one table of an extract as Parquet, with what it is among the file's own key-value metadata
copy "{fact}" to '{path}' (format parquet, compression zstd, kv_metadata {{marking: '{marking}', expires_at: '{expires_at}', console: '{about}'}});
