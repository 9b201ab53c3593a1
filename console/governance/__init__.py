"""Identity, the default policy, usage."""
