"""What leaves the screen: cells, places or a picture, with what they are written into them, in a file or on the clipboard."""
