"""The associative index: a fact's columns in memory, and every panel's counts from bitmaps of the rows that pass."""
