"""What lies over the panels for a while: rows, search, help, a name, a choice of columns."""
