"""A stretch of the stream, in its two encodings: NDJSON lines, and columns by kind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import numpy as np

from console.feed.events import KINDS, VERSION
from console.feed.simulator.world import Row

INSTANTS = frozenset(("call_at", "answered_at", "until", "start", "end", "committed_at"))
FIELDS = {kind: type.__struct_fields__ for kind, type in KINDS.items()}
NEVER = np.iinfo(np.int64).min  # as numpy keeps no time
NUMBERS = frozenset(("lon", "lat"))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Column = np.ndarray[Any, Any]
_encoder = msgspec.json.Encoder()


class Batch:
    """Events of a source in order, numbered from `first`; those of one instant are in the order of the kinds."""

    def __init__(self, told: dict[str, list[Row]], first: int, source: str) -> None:
        """Take events by kind, in order of their instants."""
        self._told = told
        self._first = first
        self._source = source

    def __len__(self) -> int:
        """Return how many events there are."""
        return sum(map(len, self._told.values()))

    def lines(self) -> Iterator[bytes]:
        """Yield the events as NDJSON lines."""
        events = [(kind, row) for kind, rows in self._told.items() for row in rows]
        events.sort(key=lambda event: event[1][0])
        for sequence, (kind, (at, key, *values)) in enumerate(events, self._first):
            payload = {
                name: _moment(value) if name in INSTANTS else value
                for name, value in zip(FIELDS[kind], values, strict=True)
                if value is not None
            }
            event = {
                "v": VERSION, "source": self._source, "sequence": sequence, "occurred_at": _moment(at), "kind": kind, "key": key,
                "payload": payload,
            }  # fmt: skip
            yield _encoder.encode(event) + b"\n"

    def frames(self) -> dict[str, dict[str, Column]]:
        """Return the events as columns by kind: sequence, occurred_at, key, then the payload's fields."""
        columns = {kind: list(zip(*rows, strict=True)) for kind, rows in self._told.items() if rows}
        at = [np.array(told[0], np.int64) for told in columns.values()]
        order = np.argsort(np.concatenate(at), kind="stable") if at else np.empty(0, np.int64)
        sequence = np.empty(len(order), np.int64)
        sequence[order] = np.arange(self._first, self._first + len(order))
        places = np.split(sequence, np.cumsum([len(each) for each in at]))
        return {
            kind: {"sequence": numbers, "occurred_at": when.view("datetime64[ms]"), "key": np.fromiter(told[1], object, len(numbers))}
            | {name: _column(name, values) for name, values in zip(FIELDS[kind], told[2:], strict=True)}
            for (kind, told), when, numbers in zip(columns.items(), at, places, strict=False)
        }


def _moment(ms: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=ms)


def _column(name: str, values: tuple[Any, ...]) -> Column:
    if name in INSTANTS:
        instants = np.array([NEVER if value is None else value for value in values], dtype=np.int64)
        texts = np.datetime_as_string(instants.view("datetime64[ms]"), timezone="UTC").astype(object)
        texts[instants == NEVER] = None
        return texts
    if name in NUMBERS:
        return np.array(values, dtype=float)  # None is NaN
    if isinstance(values[0], bool):
        return np.array(values, dtype=bool)
    if isinstance(values[0], int):
        return np.array(values, dtype=np.int64)
    if isinstance(values[0], tuple | list):
        return np.array([_encoder.encode(value).decode() for value in values], dtype=object)
    return np.fromiter(values, object, len(values))
