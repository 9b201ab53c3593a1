"""What arrives: the event format, ingest, imports, the simulator."""
