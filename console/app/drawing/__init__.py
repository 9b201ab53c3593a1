"""What everything on the screen is drawn with: glyphs, words, styles, lines, a cursor that stays on its value."""
