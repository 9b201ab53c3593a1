"""The wire: what the screen should show, what the terminal shows, and the fewest bytes between the two."""
