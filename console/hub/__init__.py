"""One owner of the file and the feed for many terminals: the server, its client, and what they say to each other."""
