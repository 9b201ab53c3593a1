"""What a screen may ask and what it gets: frozen values and one protocol."""
