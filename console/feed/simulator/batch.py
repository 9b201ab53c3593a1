"""A stretch of the stream, in its two encodings: NDJSON lines, and columns by kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import numpy as np

from console.feed.events import KINDS, VERSION
from console.feed.simulator.world import Telling

INSTANTS = frozenset(("call_at", "answered_at", "until", "start", "end", "committed_at"))
FIELDS = {kind: type.__struct_fields__ for kind, type in KINDS.items()}
NEVER = np.iinfo(np.int64).min  # as numpy keeps no time
NUMBERS = frozenset(("lon", "lat"))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_encoder = msgspec.json.Encoder()


class Batch:
    """Events of a source in order, numbered from `first`."""

    def __init__(self, items: list[Telling], first: int, source: str) -> None:
        """Take events in order of their instants."""
        self._items = items
        self._first = first
        self._source = source

    def __len__(self) -> int:
        """Return how many events there are."""
        return len(self._items)

    def lines(self) -> Iterator[bytes]:
        """Yield the events as NDJSON lines."""
        for sequence, (at, kind, key, values) in enumerate(self._items, self._first):
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

    def frames(self) -> dict[str, dict[str, np.ndarray[Any, Any]]]:
        """Return the events as columns by kind: sequence, occurred_at, key, then the payload's fields."""
        kinds: defaultdict[str, list[int]] = defaultdict(list)
        for place, item in enumerate(self._items):
            kinds[item[1]].append(place)
        return {kind: _columns(kind, places, [self._items[place] for place in places], self._first) for kind, places in kinds.items()}


def _moment(ms: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=ms)


def _columns(kind: str, places: list[int], told: list[Telling], first: int) -> dict[str, np.ndarray[Any, Any]]:
    payloads = [item[3] for item in told]
    columns = {
        "sequence": np.array(places, dtype=np.int64) + first,
        "occurred_at": np.array([item[0] for item in told], dtype="datetime64[ms]"),
        "key": np.array([item[2] for item in told], dtype=object),
    }
    for index, name in enumerate(FIELDS[kind]):
        columns[name] = _column(name, [values[index] for values in payloads])
    return columns


def _column(name: str, values: list[Any]) -> np.ndarray[Any, Any]:
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
    return np.array(values, dtype=object)
