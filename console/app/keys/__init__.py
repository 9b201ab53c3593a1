"""The keys: the one table of commands, what each does, why it can not act now, and the page at the keyboard."""
