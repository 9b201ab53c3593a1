"""How values are written: numbers, durations, targets, local times, clauses. Plain words, never a bare sign."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from console.app.drawing import reader
from console.app.drawing.glyphs import clean as clean
from console.app.drawing.glyphs import harmless as harmless
from console.desk import area
from console.desk.answer import Column, Measure, SourceState, Value
from console.desk.grammar import NONE, ZONE
from console.desk.selection import Area, Box, Circle, Clause, Range, Shape, Values, Window


def local(instant: datetime) -> datetime:
    """Return a naive UTC instant as local time, aware."""
    return instant.replace(tzinfo=UTC).astimezone(ZONE)


def clock(instant: datetime) -> str:
    """Return a naive UTC instant as `Mon 23 Nov 21:40 GMT`, with its year unless it is this one."""
    here = local(instant)
    return here.strftime("%a %d %b %H:%M %Z" if here.year == datetime.now(here.tzinfo).year else "%a %d %b %Y %H:%M %Z")


def moment(instant: datetime, now: datetime | None = None) -> str:
    """Return a naive UTC instant shortly: the time if it is today, with the zone in the hour that comes twice."""
    here = local(instant)
    zone = here.strftime(" %Z") if here.replace(fold=0).utcoffset() != here.replace(fold=1).utcoffset() else ""
    if now is not None and here.date() == local(now).date():
        return here.strftime("%H:%M") + zone
    if now is not None and here.year != local(now).year:
        return here.strftime("%d %b %Y %H:%M") + zone
    return here.strftime("%d %b %H:%M") + zone


def listed(*parts: str) -> str:
    """Return the parts that say something, apart by commas."""
    return ", ".join(filter(None, parts))


def duration(seconds: float) -> str:
    """Return seconds as `45s`, `4m10s`, `1h12m` or `2d4h`; in reader mode as `4 minutes 10 seconds`."""
    whole = abs(round(seconds))
    if reader.ON:
        return _spelt(whole)
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m{whole % 60:02}s"
    if whole < 86400:
        return f"{whole // 3600}h{whole % 3600 // 60:02}m"
    return f"{whole // 86400}d{whole % 86400 // 3600}h"


def lasting(seconds: float) -> str:
    """Return how long something has lasted that goes on: `4m10s`, `34m`, `1h12m`; seconds are counted only in the first 5 minutes."""
    return _roughly(seconds, 300)


def _spelt(seconds: int) -> str:
    """Return whole seconds in words: the largest unit, and the next below it where there is any."""
    sizes = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))
    first = next((n for n, (_, size) in enumerate(sizes) if seconds >= size), 3)
    parts: list[str] = []
    for name, size in sizes[first : first + 2]:
        count, seconds = divmod(seconds, size)
        parts += [f"{count} {name}{'' if count == 1 else 's'}"] if count or not parts else []
    return " ".join(parts)


def target(seconds: float) -> str:
    """Return seconds to a target as `10m left` or `over by 12m`; seconds are counted only in the last 5 minutes."""
    said = _roughly(seconds, 300 if seconds >= 0 else 60)
    return f"{said} left" if seconds >= 0 else f"over by {said}"


def met(seconds: float) -> str:
    """Return how many seconds of a target were left on arrival as `met by 5m` or `missed by 12m`; it doesn't run on."""
    return f"{'met' if seconds >= 0 else 'missed'} by {_roughly(seconds, 60)}"


def _roughly(seconds: float, exact_below: int) -> str:
    whole = abs(round(seconds))
    return duration(whole) if whole < exact_below or whole >= 3600 else duration(whole // 60 * 60) if reader.ON else f"{whole // 60}m"


def number(value: float | int) -> str:
    """Return a number with its thousands set apart; a fraction to one place, where it matters."""
    if isinstance(value, float) and not value.is_integer() and abs(value) < 1000:
        return f"{value:,.1f}"
    return f"{round(value):,}"


def measure(value: float | int | None, unit: str = "") -> str:
    """Return a measure with its unit: `41`, `92 %`, `4m10s`, `12.5 days`."""
    if value is None:
        return "none"
    if unit == "s":
        return duration(value)
    if unit == "%":
        return f"{number(round(value))} %"
    return f"{number(value)} {unit}".strip()


def measured(value: float | int | None, of: Measure) -> str:
    """Return a panel's number as its measure writes it."""
    return measure(value, of.unit)


def value(of: Value, now: datetime | None = None) -> str:
    """Return a field's value as shown."""
    if of is None:
        return NONE
    if isinstance(of, bool):
        return "yes" if of else "no"
    if isinstance(of, datetime):
        return moment(of, now)
    if isinstance(of, int | float):
        return number(of)
    return clean(str(of))


def told(of: Value, now: datetime | None = None) -> str:
    """Return a value as it is copied: a text with all its letters, anything else as shown."""
    return harmless(of) if isinstance(of, str) else value(of, now)


def cell(of: Value, column: Column, now: datetime | None = None) -> str:
    """Return a table's cell: durations, targets (`to_...`) and how they were met (`met_...`) in words, "" for a missing value."""
    if of is None:
        return ""
    if column.unit == "s" and isinstance(of, int | float):
        went_on = duration if now is None else lasting  # what stands still tells it to the second
        short = column.name.rpartition(".")[2]
        return target(of) if short.startswith("to_") else met(of) if short.startswith("met_") else went_on(of)
    if column.unit and isinstance(of, int | float):
        return measure(of, column.unit)
    if column.type == "number" and isinstance(of, int | float):
        return f"{of:,.1f}"  # so that a column's points stand under each other
    return value(of, now)


def as_text(of: Value) -> str | None:
    """Return a value as the grammar has it in a clause."""
    if of is None:
        return None
    if isinstance(of, bool):
        return "true" if of else "false"
    if isinstance(of, datetime):
        return of.isoformat() + "Z"
    if isinstance(of, float) and of.is_integer():
        return str(int(of))
    return str(of)


def missing(source: SourceState, short: bool = False) -> str:
    """Return what is known to be missing of a source's events: `3 events missing`, `1,204 earlier events to come`, or ""."""
    if source.gaps <= 0:
        return ""
    if short:
        return f"{number(source.gaps)} {'to come' if source.filling else 'missing'}"
    events = "event" if source.gaps == 1 else "events"
    return f"{number(source.gaps)} earlier {events} to come" if source.filling else f"{number(source.gaps)} {events} missing"


def field(name: str, titles: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return a field's title, as the model has it where that is known: `incident.type` is `Type`."""
    if name in titles:
        return titles[name]
    short = name.rpartition(".")[2].replace("_", " ")
    return short[:1].upper() + short[1:]


def clause(held: Clause) -> str:
    """Return a clause in words: `Immediate, Priority`, `2024-01 up to 2024-03`, `last 4h`, `within 2 km`."""
    if isinstance(held, Values):
        return ", ".join(_said(item) for item in sorted(held.values, key=lambda item: item or ""))
    if isinstance(held, Range):
        low, high = (_said(end) if end else "" for end in (held.low, held.high))
        return f"{low} up to {high}" if low and high else f"from {low}" if low else f"before {high}"
    if isinstance(held, Window):
        return _window(held)
    assert isinstance(held, Area)
    if len(held.shapes) == 1:
        return shape(held.shapes[0])
    return f"{len(held.shapes)} shapes, {square_km(area.square_km(held))}"


def _said(text: str | None) -> str:
    if text is None:
        return NONE
    if text.endswith("Z") and "T" in text:
        try:
            return moment(datetime.fromisoformat(text[:-1]))
        except ValueError:
            return clean(text)
    return clean(text)


def _window(held: Window) -> str:
    start, end = held.start, held.end
    if start is not None and start < 0 and end in (None, 0):
        return f"last {duration(-start)}"
    ends = ["" if one is None else "now" if one == 0 else f"{duration(one)} {'ago' if one < 0 else 'ahead'}" for one in (start, end)]
    return f"from {ends[0]} to {ends[1]}" if all(ends) else f"from {ends[0]}" if ends[0] else f"up to {ends[1]}"


def shape(of: Shape) -> str:
    """Return a shape in words: a circle by its radius, else by its size."""
    if isinstance(of, Circle):
        return f"within {metres(of.metres)} of {of.lat:.3f} N {abs(of.lon):.3f} {'W' if of.lon < 0 else 'E'}"
    size = square_km(area.square_km(Area((of,))))
    if isinstance(of, Box):
        return f"box of {size}"
    holes = f" and {len(of.holes)} hole{'s' if len(of.holes) > 1 else ''}" if of.holes else ""
    return f"{size} within {len(of.corners)} corners{holes}"


def metres(length: float) -> str:
    """Return a length: `750 m`, `2 km`, `12.5 km`."""
    return f"{length:.0f} m" if length < 1000 and length % 1000 else f"{length / 1000:.4g} km"


def square_km(size: float) -> str:
    """Return ground in square kilometres, a little of it in square metres: `850 m²`, `8.14 km²`, `1,204 km²`."""
    if size < 0.01:
        return f"{size * 1e6:,.0f} m²"
    return f"{size:,.0f} km²" if size >= 100 else f"{size:.3g} km²"
