"""The Desk over a socket."""
