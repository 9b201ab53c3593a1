"""The text map: places and their labels, where it looks, how it is shaded, and the panel that is worked by keyboard."""
