"""What every importer of published files does alike: files opened, lines read, batches kept."""
