"""Objects of the index as plain values, their arrays apart: what is written to disk, and what is read back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import numpy as np

from console.engine.index.dimension import Dimension
from console.engine.index.encode import Columns
from console.engine.index.keys import KeySpace
from console.engine.index.numbers import Numbers
from console.engine.index.passing import Passing
from console.engine.index.rows import FactRows

Array = np.ndarray[Any, Any]
Plain = Any
SHAPES = {each.__name__: each for each in (FactRows, Dimension, Numbers, KeySpace, Columns, Passing)}
MANY: dict[str, Callable[[Iterable[Any]], Any]] = {"list": list, "tuple": tuple, "frozenset": frozenset, "set": set}
SAID: dict[str, Callable[[str], Any]] = {
    "datetime": datetime.fromisoformat, "date": date.fromisoformat, "time": time.fromisoformat, "Decimal": Decimal,
}  # fmt: skip
_ITSELF = (type(None), bool, int, float, str)


class Writing:
    """Takes objects apart: `arrays` are theirs, `objects` each dataclass once, by name of its shape and fields by name."""

    def __init__(self) -> None:
        """Begin."""
        self.arrays: list[Array] = []
        self.objects: list[tuple[str, dict[str, Plain]]] = []
        self._numbers: dict[int, int] = {}

    def plain(self, value: Any) -> Plain:
        """Return a value as plain ones. Raises TypeError if it isn't of a kind that can be read back."""
        kind = type(value)
        if kind in _ITSELF:
            return value
        if kind is np.ndarray:
            self.arrays.append(value)
            return ["array", len(self.arrays) - 1]
        if kind is dict:
            return ["dict", [(self.plain(key), self.plain(each)) for key, each in value.items()]]
        if kind.__name__ in MANY:
            return [kind.__name__, [self.plain(each) for each in value]]
        if kind.__name__ in SAID:
            return [kind.__name__, str(value) if kind is Decimal else value.isoformat()]
        if SHAPES.get(kind.__name__) is not kind:
            raise TypeError(f"{kind.__name__} isn't kept")
        if id(value) not in self._numbers:
            told = {each.name: self.plain(getattr(value, each.name)) for each in fields(value) if each.compare}
            self.objects.append((kind.__name__, told))
            self._numbers[id(value)] = len(self.objects) - 1
        return ["object", self._numbers[id(value)]]


def read(arrays: Sequence[Array], objects: Iterable[tuple[str, dict[str, Plain]]], value: Plain) -> Any:
    """Return the value that was written; fields that aren't compared are made again. Raises KeyError or TypeError if it is none."""
    made: list[Any] = []

    def back(plain: Plain) -> Any:
        if type(plain) in _ITSELF:
            return plain
        kind, told = plain
        if kind == "array":
            return arrays[told]
        if kind == "object":
            return made[told]
        if kind == "dict":
            return {back(key): back(each) for key, each in told}
        return SAID[kind](told) if kind in SAID else MANY[kind](map(back, told))

    for shape, told in objects:
        made.append(SHAPES[shape](**{name: back(each) for name, each in told.items()}))
    return back(value)
