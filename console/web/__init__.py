"""The console in a browser: who is let in, the page, and a sitting for each that opens it."""
