"""What differs between a panel and what was sent of it before: computed by the hub, put together again by its client."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from msgspec import Raw

from console.desk.answer import Answer, PanelAnswer
from console.hub.protocol.crossing import ENCODER, Crossing
from console.hub.protocol.messages import ANSWER, MARKER, PANEL, ROW, Answered, Part

Stretches = tuple[tuple[int, int, tuple[Any, ...]], ...]


@dataclass(frozen=True, slots=True)
class Encoded:
    """A panel as bytes: without its rows and markers, and each of those."""

    app: str
    name: str
    head: bytes
    rows: tuple[bytes, ...]
    markers: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """An answer as bytes: without its panels, and each of those; `size` is about how many bytes it takes."""

    head: bytes
    panels: tuple[Encoded, ...]
    size: int


def page(answer: Answer) -> Page:
    """Return an answer as bytes."""
    panels = tuple(_encoded(answer.app, panel) for panel in answer.panels)
    size = sum(len(each.head) + sum(len(part) + 40 for part in (*each.rows, *each.markers)) for each in panels)
    return Page(ANSWER.encoded(replace(answer, panels=())), panels, size)


def _encoded(app: str, panel: PanelAnswer) -> Encoded:
    head = PANEL.encoded(replace(panel, rows=(), markers=()))
    return Encoded(app, panel.name, head, _each(ROW, panel.rows), _each(MARKER, panel.markers))


def _each(way: Crossing, held: Iterable[Any]) -> tuple[bytes, ...]:
    encode, out = ENCODER.encode, way.out
    return tuple(encode(each if out is None else out(each)) for each in held)


class Sent:
    """What one client was sent of each panel last."""

    def __init__(self) -> None:
        """Have sent nothing."""
        self._held: dict[tuple[str, str], Encoded] = {}

    def answered(self, number: int, of: Page) -> Answered:
        """Return a page's answer as what differs from what was sent before; it is sent now."""
        return Answered(number, Raw(of.head), tuple(map(self._part, of.panels)))

    def _part(self, panel: Encoded) -> Part:
        key = panel.app, panel.name
        before = self._held.get(key)
        self._held[key] = panel
        if before is panel:
            return Part(panel.app, panel.name, False)
        held = before or Encoded(panel.app, panel.name, b"", (), ())
        head = None if held.head == panel.head else Raw(panel.head)
        rows, markers = stretches(held.rows, panel.rows), stretches(held.markers, panel.markers)
        return Part(panel.app, panel.name, before is None, head, rows, markers)


def stretches(old: Sequence[bytes], new: Sequence[bytes]) -> Stretches | None:
    """Return the new as stretches of the old, each followed by what isn't among those; None where they are the same."""
    if old == new:
        return None
    place = {each: at for at, each in enumerate(old)}
    made = list[tuple[int, int, list[Raw]]]()
    start, stop, more = 0, 0, list[Raw]()
    for each in new:
        at = place.get(each)
        if at is None:
            more.append(Raw(each))
        elif at == stop and not more:
            stop += 1
        else:
            made.append((start, stop, more))
            start, stop, more = at, at + 1, []
    made.append((start, stop, more))
    return tuple((start, stop, tuple(more)) for start, stop, more in made if stop > start or more)


class Held:
    """What a client holds of each panel."""

    def __init__(self) -> None:
        """Hold nothing."""
        self._panels: dict[tuple[str, str], PanelAnswer] = {}

    def answer(self, said: Answered) -> Answer:
        """Return the whole answer; raises ValueError where what differs doesn't fit what is held."""
        made: Answer = _back(ANSWER, said.head)
        return replace(made, panels=tuple(map(self._panel, said.parts)))

    def _panel(self, part: Part) -> PanelAnswer:
        key = part.app, part.panel
        before = None if part.fresh else self._panels.get(key)
        if before is None and (part.head is None or not part.fresh):
            raise ValueError(f"{part.panel}: something differs from what was never sent")
        if before is not None and part.head is None and part.rows is None and part.markers is None:
            return before
        panel: Any = before if part.head is None else _back(PANEL, part.head)
        rows, markers = (before.rows, before.markers) if before is not None else ((), ())
        made: PanelAnswer = replace(panel, rows=_joined(ROW, rows, part.rows), markers=_joined(MARKER, markers, part.markers))
        self._panels[key] = made
        return made


def _back(way: Crossing, value: Any) -> Any:
    return value if way.back is None else way.back(value)


def _joined(way: Crossing, held: tuple[Any, ...], said: Stretches | None) -> tuple[Any, ...]:
    if said is None:
        return held
    back, made = way.back, list[Any]()
    for start, stop, more in said:
        if not 0 <= start <= stop <= len(held):
            raise ValueError("a stretch beyond what is held")
        made += held[start:stop]
        made += more if back is None else map(back, more)
    return tuple(made)
