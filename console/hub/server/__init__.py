"""The hub: answers terminals on a Unix socket."""
