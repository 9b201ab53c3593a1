"""The hub's line: frames, messages, and desk values as they cross it."""
