"""What of the Desk can be called over the line: each method's arguments and result cross as its own annotations say."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, get_type_hints

from console.desk.desk import Desk
from console.hub.protocol.crossing import Crossing, crossing
from console.hub.protocol.standing import Standing

HERE = frozenset(("ask_panel", "quick", "subscribe", "away", "viewer", "close"))  # not called over the line
VIEWER = "viewer"  # whom the hub knows by the socket


@dataclass(frozen=True, slots=True)
class Method:
    """A method: its arguments beside the viewer, and what it gives."""

    names: tuple[str, ...]
    given: Crossing
    gives: Crossing
    arguments: Callable[[Any], tuple[Any, ...]]
    result: Callable[[Any], Any]
    viewed: bool  # it is given the viewer first


@cache
def methods() -> dict[str, Method]:
    """Return the methods by name."""
    named = (name for name, held in vars(Desk).items() if not name.startswith("_") and callable(held))
    made = {name: _method(getattr(Desk, name)) for name in named if name not in HERE}
    none = crossing(tuple[()])
    return made | {"status": _made((), none, crossing(Standing), viewed=True)}


def _method(of: Callable[..., Any]) -> Method:
    hints = get_type_hints(of)
    gives = crossing(hints.pop("return", type(None)))
    names = tuple(name for name in inspect.signature(of).parameters if name not in ("self", VIEWER))
    given = crossing(tuple[tuple(hints[name] for name in names)])  # type: ignore[misc]
    return _made(names, given, gives, viewed=VIEWER in hints)


def _made(names: tuple[str, ...], given: Crossing, gives: Crossing, *, viewed: bool) -> Method:
    return Method(names, given, gives, given.decoder(), gives.decoder(), viewed)
