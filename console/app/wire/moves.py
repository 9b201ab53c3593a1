"""Moves: the shortest way to bring the terminal's cursor from one cell to another."""

from __future__ import annotations

from functools import lru_cache

from console.app.wire.abilities import Abilities


@lru_cache(8192)
def shortest(x: int | None, y: int | None, to_x: int, to_y: int, can: Abilities) -> str:
    """Return the codes from (x, y) to a cell, counted from 0; None where the column or the row isn't known."""
    if (x, y) == (to_x, to_y):
        return ""
    place = f"\x1b[{to_y + 1};{to_x + 1}H" if to_x else f"\x1b[{to_y + 1}H" if to_y else "\x1b[H"
    if y is None:
        return place
    ways = [place]
    for down, column in _rows(x, y, to_y, can):
        ways += [down + across for across in _columns(column, to_x, can)]
    return min(ways, key=len)


def _rows(x: int | None, y: int, to: int, can: Abilities) -> list[tuple[str, int | None]]:
    """Return ways to the row, each with the column that it leaves the cursor in."""
    by = to - y
    if not by:
        return [("", x)]
    made: list[tuple[str, int | None]] = [(f"\x1b[{abs(by) if abs(by) > 1 else ''}{'B' if by > 0 else 'A'}", x)]
    if by > 0:
        made.append(("\n" * by, x) if can.raw else ("\r" + "\n" * by, 0))
    if can.rows:
        made.append((f"\x1b[{to + 1}d", x))
    return made


def _columns(x: int | None, to: int, can: Abilities) -> list[str]:
    """Return ways along a row."""
    if x == to:
        return [""]
    made = ["\r" + _right(to)]
    if can.columns:
        made.append(f"\x1b[{to + 1}G" if to else "\x1b[G")
    if x is not None:
        made += [_right(to - x)] if to > x else ["\b" * (x - to), f"\x1b[{x - to}D"]
    return made


def _right(by: int) -> str:
    return "" if not by else f"\x1b[{by if by > 1 else ''}C"
