"""How an answer is shaded: the class of each place or square, what the classes mean, and how many have nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from console.app.drawing import ink, words
from console.app.map import palette
from console.app.map.raster import Place
from console.desk.answer import Measure, Row

CLASSES = palette.CLASSES


@dataclass(frozen=True)
class Shading:
    """The code of colour of each place (or square), the legend's codes in words, how many have nothing and of how many (or 0)."""

    codes: tuple[int, ...]
    legend: tuple[tuple[int, str], ...]
    without: int
    of: int


def classes(counts: Iterable[float]) -> tuple[float, ...]:
    """Return the lower edges of the classes above nothing: quantiles of the values that aren't zero, each once."""
    held = sorted(count for count in counts if count > 0)
    if not held:
        return ()
    edges = [held[len(held) * n // CLASSES] for n in range(CLASSES)]
    return tuple(dict.fromkeys(edges))


def number(value: float, figures: int = 2) -> str:
    """Return a number as a legend has it: a small one to so many figures."""
    return f"{value:.{figures}g}" if 0 < abs(value) < 1 else words.number(value)


def told_apart(values: Sequence[float]) -> list[str]:
    """Return numbers in as few figures as tell them apart."""
    made = [[number(value, figures) for value in values] for figures in (2, 3, 4)]
    return next((each for each in made if len(set(each)) == len(set(values))), made[-1])


def shaded(places: Sequence[Place], rows: Mapping[str, Row], difference: bool) -> Shading:
    """Return the shading of places by the first of their rows' values."""
    held = [rows.get(place.value) for place in places]
    values = [row.values[0] if row is not None and row.values else None for row in held]
    chosen = [row is not None and row.state in ink.CHOSEN for row in held]
    return _changes(values, chosen) if difference else _amounts(values, chosen)


def _amounts(values: Sequence[float | None], chosen: Sequence[bool]) -> Shading:
    edges = classes([value or 0 for value in values])
    codes = [
        (palette.CHOSEN if lit else palette.CLASS) + sum((value or 0) >= edge for edge in edges)
        for value, lit in zip(values, chosen, strict=True)
    ]
    legend = [(palette.CLASS + n, f"{said}+") for n, said in enumerate(told_apart(edges), 1)]
    return Shading(tuple(codes), tuple(legend), sum(not value for value in values), len(values))


def _changes(values: Sequence[float | None], chosen: Sequence[bool]) -> Shading:
    """Return the shading of changes: five classes, even to both sides of none; the edges part their sizes into thirds."""
    sizes = sorted(abs(value) for value in values if value)
    near, far = (sizes[len(sizes) // 3], sizes[len(sizes) * 2 // 3]) if sizes else (0.0, 0.0)
    codes = []
    for value, lit in zip(values, chosen, strict=True):
        size = 0 if not value else 2 if abs(value) >= far else 1 if abs(value) >= near else 0
        base = palette.CHANGE_CHOSEN if lit else palette.CHANGE
        codes.append(base + palette.AS_BEFORE + (size if (value or 0) > 0 else -size))
    none = "0" if not sizes or sizes[0] >= near else f"under {number(near)}"
    said = [(-2, f"-{number(far)}.."), (-1, f"-{number(near)}.."), (0, none), (1, f"+{number(near)}.."), (2, f"+{number(far)}..")]
    legend = [(palette.CHANGE + palette.AS_BEFORE + step, text) for step, text in said if sizes or not step]
    if near == far:
        legend = [each for each in legend if each[0] not in (palette.CHANGE + 1, palette.CHANGE + 3)]
    return Shading(tuple(codes), tuple(legend), sum(value is None for value in values), len(values))


def squared(squares: Iterable[tuple[int, int, int]]) -> tuple[dict[tuple[int, int], int], Shading]:
    """Return the code of each square by its column and row, and the shading of them all."""
    held = {(x, y): many for x, y, many in squares}
    made = _amounts([*held.values()], [False] * len(held))
    return dict(zip(held, made.codes, strict=True)), replace(made, without=0, of=0)


def said(values: Sequence[float | int | None], measures: Sequence[Measure]) -> str:
    """Return a place's numbers in words: `0.68 per 1,000 people: 12 incidents, 17,700 people`, `+2 against before: 3 incidents`."""
    parts = [_said(value, measure) for value, measure in zip(values, measures, strict=False)]
    leading = next((n for n, each in enumerate(measures) if each.name not in ("rate", "difference")), 0)
    return ": ".join(filter(None, (", ".join(parts[:leading]), ", ".join(parts[leading:]))))


def _said(value: float | int | None, measure: Measure) -> str:
    if measure.name == "rate":
        return "no rate" if value is None else f"{number(value)} {measure.unit}"
    if measure.name == "difference":
        return (
            "no week before" if value is None else f"{'+' if value > 0 else ''}{number(value)} {measure.unit}".strip() + " against before"
        )
    return f"{words.measured(value, measure)} {measure.title.lower()}"


def blank(measures: Sequence[Measure]) -> tuple[float | None, ...]:
    """Return the numbers of a place that no row is of."""
    return tuple(None if each.name in ("rate", "difference", "population") else 0 for each in measures)


def unit(measures: Sequence[Measure]) -> str:
    """Return what is shaded, with its unit."""
    if not measures:
        return ""
    first = measures[0]
    if first.name == "rate":
        return first.unit
    return f"{first.title.lower()}, {first.unit}" if first.unit else first.title.lower()
