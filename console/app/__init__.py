"""The face: screens, widgets, text maps."""
