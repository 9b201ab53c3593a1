-- no rows: closing won't fold the log into the file
pragma disable_checkpoint_on_shutdown;
