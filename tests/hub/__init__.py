"""The hub: what crosses, who is answered, and what becomes of those who misbehave."""
