r"""The one grammar of selections: `FIELD=VALUE`, `FIELD=FROM..TO`, `FIELD=-4h..`, `area=circle(lon,lat,metres)`.

A value after a backslash is meant as it stands: `location=\` is the empty text, `type=\(none)` the text "(none)". Texts become
clauses of text; which fields exist and what type they have is the engine's to say.
"""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from console.desk import area
from console.desk.selection import Area, Clause, Range, Selection, Values, Window

ZONE = ZoneInfo("Europe/London")
NONE = "(none)"
EXACTLY = "\\"
ORDERED = frozenset(("integer", "number", "instant", "month"))
YEARS = range(1900, 2200)
FARTHEST = 100 * 366 * 86400

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_OFFSET = re.compile(r"([+-]?)(\d+(?:\.\d+)?)([smhdw])$")


def split(text: str) -> tuple[str, str]:
    """Return the field and the rest of `FIELD=...`; raises ValueError if it isn't so written."""
    name, sign, rest = text.partition("=")
    if not sign or not name.strip():
        raise ValueError(f"{text!r}: write FIELD=VALUE, FIELD=FROM..TO, FIELD=-4h.. or area=circle(lon,lat,metres)")
    return name.strip(), rest


def clause(rest: str, type: str) -> Clause:
    """Return the clause that the right-hand side means for a field of a type; raises ValueError."""
    if type == "area":
        if rest.startswith("@"):
            raise ValueError(f"{rest}: a file is read only where it is typed")
        return area.area(rest)
    if type in ORDERED and ".." in rest:
        low, _, high = rest.partition("..")
        if type == "instant" and any(map(relative, (low, high))):
            return Window(seconds(low), seconds(high))
        if type == "instant":
            low, high = (instant(end).isoformat() + "Z" if end else "" for end in (low, high))
        return Range(low or None, high or None)
    if rest == "":
        raise ValueError(f"a value is missing: write {NONE} for rows that have none")
    value = None if rest == NONE else rest.removeprefix(EXACTLY)
    if type == "instant" and value is not None:
        value = instant(value).isoformat() + "Z"
    return Values(frozenset((value,)))


def relative(text: str) -> bool:
    """Return whether a time is said relative to now: `-4h`, `+30m`, `now`."""
    return text == "now" or _OFFSET.match(text) is not None


def seconds(text: str) -> int | None:
    """Return the seconds that a relative time lies after now, None for the empty text; raises ValueError if it isn't one."""
    if text == "":
        return None
    if text == "now":
        return 0
    found = _OFFSET.match(text)
    if not found:
        raise ValueError(f"{text!r}: a window is relative at both ends, such as -4h..now")
    length = int(float(found[2]) * _UNITS[found[3]])
    if length > FARTHEST:
        raise ValueError(f"{text!r}: a window reaches a hundred years at most")
    return -length if found[1] == "-" else length


def instant(text: str) -> datetime:
    """Return a typed local time as naive UTC.

    `2026-11-23 21:40`, `2026-11-23T21:40:05`, `2026-11-23`, with `Z`, an offset, `GMT` or `BST` if need be. Raises
    ValueError for no such time, for an hour that the clocks skip, and for one that comes twice without its zone.
    """
    words = text.strip()
    zone = {"GMT": timedelta(0), "BST": timedelta(hours=1)}.get(words[-3:].upper())
    if zone is not None:
        words = words[:-3].strip()
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        raise ValueError(f"{text!r} is no time: write 2026-11-23 21:40") from None
    if moment.year not in YEARS:
        raise ValueError(f"{text!r} is no time here: years go from {YEARS[0]} to {YEARS[-1]}")
    if moment.tzinfo is not None:
        return moment.astimezone(UTC).replace(tzinfo=None)
    if zone is not None:
        return moment - zone
    early, late = (moment.replace(tzinfo=ZONE, fold=fold).astimezone(UTC).replace(tzinfo=None) for fold in (0, 1))
    if early == late:
        return early
    if early < late:
        raise ValueError(f"{text!r} comes twice, when the clocks go back: add BST or GMT")
    raise ValueError(f"{text!r} doesn't exist: the clocks go forward over it")


def merged(held: Clause | None, new: Clause) -> Clause:
    """Return a field's clause with one more text's: values and shapes add up; raises ValueError for a second range or window."""
    if held is None or held == new:
        return new
    if isinstance(held, Values) and isinstance(new, Values):
        return Values(held.values | new.values)
    if isinstance(held, Area) and isinstance(new, Area):
        return Area((*held.shapes, *new.shapes))
    raise ValueError("a field takes values or one range, not both and not two")


def texts(name: str, held: Clause) -> tuple[str, ...]:
    """Return a field's clause as the grammar's texts, which mean it again."""
    if isinstance(held, Values):
        return tuple(f"{name}={_value(value)}" for value in sorted(held.values, key=lambda v: v or ""))
    if isinstance(held, Range):
        return (f"{name}={held.low or ''}..{held.high or ''}",)
    if isinstance(held, Window):
        return (f"{name}={_ago(held.start)}..{_ago(held.end)}",)
    return tuple(f"{name}={area.written(item)}" for item in held.shapes)


def _value(value: str | None) -> str:
    if value is None:
        return NONE
    return EXACTLY + value if value in ("", NONE) or value.startswith(EXACTLY) else value


def typed(selection: Selection) -> str:
    """Return a selection as it is typed after a command, each word quoted for a shell: `--select district=Bristol --lock district`."""
    words = [word for name, held in selection.clauses for text in texts(name, held) for word in ("--select", text)]
    return shlex.join([*words, *(word for name in sorted(selection.locks) for word in ("--lock", name))])


def untyped(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the texts and the locks of a selection so typed; a word of no option is a text. Raises ValueError for anything else."""
    held: dict[str, list[str]] = {"--select": [], "--lock": []}
    option = ""
    for word in shlex.split(text):
        name, sign, rest = word.partition("=")
        if option:
            held[option].append(word)
            option = ""
        elif word in held:
            option = word
        elif name in held and sign:
            held[name].append(rest)
        elif word.startswith("-"):
            raise ValueError(f"{word[:40]!r} is no part of a selection: --select FIELD=VALUE, --lock FIELD")
        else:
            split(word)
            held["--select"].append(word)
    if option:
        raise ValueError(f"{option} is to be followed by a word")
    return tuple(held["--select"]), tuple(held["--lock"])


def _ago(seconds: int | None) -> str:
    if seconds is None:
        return ""
    if seconds == 0:
        return "now"
    unit = next(unit for unit, size in reversed(_UNITS.items()) if seconds % size == 0)
    return f"{seconds // _UNITS[unit]:+d}{unit}"
