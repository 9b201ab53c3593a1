"""How desk values cross: each frozen class as an array of its fields, typed by its own annotations, and read back as the same value.

An instant is whole microseconds since 1970 (naive UTC). Where a value may be a text or an instant, the instant is an extension of
its own, so that neither is taken for the other.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum
from functools import cache, partial
from operator import attrgetter
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

INSTANT = 1  # the extension that is an instant
EPOCH = datetime(1970, 1, 1)
STEP = timedelta(microseconds=1)
PLAIN = (str, int, float, bool, bytes, type(None))
Turn = Callable[[Any], Any] | None


@dataclasses.dataclass(frozen=True, slots=True)
class Crossing:
    """What a type is on the line, how a value is made into that and how it is read back; None: it crosses as it is."""

    wire: Any
    out: Turn = None
    back: Turn = None

    def encoded(self, value: Any) -> bytes:
        """Return a value as bytes."""
        return ENCODER.encode(value if self.out is None else self.out(value))

    def decoder(self) -> Callable[[Any], Any]:
        """Return what reads a value back from bytes; it raises msgspec.ValidationError, msgspec.DecodeError."""
        decode, back = decoding(self.wire), self.back
        return decode if back is None else lambda data: back(decode(data))


def decoding(wire: Any) -> Callable[[bytes], Any]:
    """Return what reads bytes of a type of the line; it raises msgspec.ValidationError, msgspec.DecodeError."""
    return msgspec.msgpack.Decoder(wire, ext_hook=_extension).decode


def _unknown(value: Any) -> Any:
    """Return a number of an array as one of the language."""
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"a {type(value).__name__} can't cross")


def _extension(code: int, data: memoryview) -> Any:
    if code != INSTANT or len(data) != 8:
        raise ValueError(f"no extension {code}")
    return _back(int.from_bytes(data, "big", signed=True))


ENCODER = msgspec.msgpack.Encoder(enc_hook=_unknown)


def _out(at: datetime) -> int:
    if at.tzinfo is not None:
        raise TypeError("an instant crosses as naive UTC")
    return (at - EPOCH) // STEP


def _back(micros: int) -> datetime:
    try:
        return EPOCH + timedelta(microseconds=micros)
    except OverflowError as error:
        raise ValueError("an instant beyond all years") from error


def _cell_out(value: Any) -> Any:
    return msgspec.msgpack.Ext(INSTANT, _out(value).to_bytes(8, "big", signed=True)) if type(value) is datetime else value


def _cells_out(values: tuple[Any, ...]) -> Any:
    return tuple(map(_cell_out, values)) if datetime in map(type, values) else values


@cache
def crossing(kind: Any) -> Crossing:
    """Return how values of a type cross; raises TypeError for a type that can't."""
    origin, args = get_origin(kind), get_args(kind)
    if kind in PLAIN or kind is Any or origin is Literal or (isinstance(kind, type) and issubclass(kind, Enum)):
        return Crossing(kind)
    if kind is datetime:
        return Crossing(int, _out, _back)
    if origin in (Union, types.UnionType):
        return _union(args)
    if origin is tuple:
        return _many(args[0]) if args and args[-1] is ... else _several(args)
    if origin is frozenset:
        every = _many(args[0])
        return Crossing(every.wire, lambda held: tuple(held) if every.out is None else every.out(held), _set(every.back))
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _class(kind, None)
    raise TypeError(f"{kind} has no way to cross")


def _set(back: Turn) -> Turn:
    return frozenset if back is None else lambda held: frozenset(back(held))


def _union(args: tuple[Any, ...]) -> Crossing:
    if datetime in args and str in args:
        return Crossing(Any, _cell_out)
    rest = tuple(each for each in args if each is not type(None))
    optional = len(rest) < len(args)
    if all(each in PLAIN for each in rest):
        return Crossing(Union[args])  # noqa: UP007
    if len(rest) == 1:
        one = crossing(rest[0])
        return Crossing(one.wire | None, _unless_none(one.out), _unless_none(one.back))
    if not all(dataclasses.is_dataclass(each) for each in rest):
        raise TypeError(f"{rest} have no way to cross as one")
    ways = {each: _class(each, each.__name__) for each in rest}
    wire: Any = Union[tuple(way.wire for way in ways.values())]  # noqa: UP007
    backs = {way.wire: way.back for way in ways.values()}

    def out(value: Any) -> Any:
        return ways[type(value)].out(value)  # type: ignore[misc]

    def back(value: Any) -> Any:
        return backs[type(value)](value)  # type: ignore[misc]

    return Crossing(wire | None, _unless_none(out), _unless_none(back)) if optional else Crossing(wire, out, back)


def _unless_none(turn: Turn) -> Turn:
    return None if turn is None else lambda value: None if value is None else turn(value)


def _many(kind: Any) -> Crossing:
    one = crossing(kind)
    out = _cells_out if one.out is _cell_out else _each(one.out)
    return Crossing(types.GenericAlias(tuple, (one.wire, ...)), out, _each(one.back))


def _each(turn: Turn) -> Turn:
    return None if turn is None else lambda held: tuple(map(turn, held))


def _several(kinds: tuple[Any, ...]) -> Crossing:
    ways = [crossing(kind) for kind in kinds]
    wire = types.GenericAlias(tuple, tuple(way.wire for way in ways))
    return Crossing(wire, _turned([way.out for way in ways]), _turned([way.back for way in ways]))


def _turned(turns: list[Turn]) -> Turn:
    if not any(turns):
        return None
    return lambda held: tuple(value if turn is None else turn(value) for turn, value in zip(turns, held, strict=True))


def _class(kind: type[Any], tag: str | None) -> Crossing:
    """Return how a frozen class crosses: by its fields in order; those with a default may be left out by an older program."""
    hints, names, ways, defined = get_type_hints(kind), [], [], list[Any]()
    for each in dataclasses.fields(kind):
        way = crossing(hints[each.name])
        names.append(each.name)
        ways.append(way)
        default = each.default
        if default is dataclasses.MISSING and each.default_factory is not dataclasses.MISSING:
            default = each.default_factory()
        if default is dataclasses.MISSING:
            defined.append((each.name, way.wire))
        else:
            held = default if way.out is None else way.out(default)
            defined.append((each.name, way.wire, msgspec.field(default_factory=partial(_same, held))))
    wire = msgspec.defstruct(kind.__name__, defined, array_like=True, frozen=True, tag=tag, module=__name__)
    return Crossing(wire, _made(wire, names, [way.out for way in ways]), _made(kind, names, [way.back for way in ways]))


def _same(value: Any) -> Any:
    return value


def _made(kind: type[Any], names: list[str], turns: list[Turn]) -> Turn:
    """Return what makes a thing of a kind out of one with the same attributes."""
    if not names:
        return lambda value: kind()
    held = attrgetter(*names)
    if len(names) == 1:
        (turn,) = turns
        return lambda value: kind(held(value) if turn is None else turn(held(value)))
    if not any(turns):
        return lambda value: kind(*held(value))
    return lambda value: kind(*[part if turn is None else turn(part) for turn, part in zip(turns, held(value), strict=True)])
