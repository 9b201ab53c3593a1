"""The one predicate that Python writes: the rows of a fact that pass a selection's clauses."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from console.desk.selection import Box, Circle, Clause, Range, Shape, Values, Window
from console.engine.model import Field, Link, Model

Clauses = Iterable[tuple[str, Clause]]
MANY = 64  # values above which they are looked up rather than gone through for each row


@dataclass(slots=True)
class Scope:
    """Predicates under construction, with their parameters (`$p0`, `$p1`, ...) and the instant they are true of."""

    model: Model
    now: datetime
    parameters: dict[str, Any] = field(default_factory=dict)
    many: int = MANY

    def __post_init__(self) -> None:
        """Give every predicate `$now`."""
        self.parameters["now"] = self.now

    def predicate(self, fact: str, clauses: Clauses, *, exempt: Collection[str] = (), through: str = "") -> str:
        """Return the predicate over a fact's columns of the clauses that reach it, but for the exempt fields."""
        parts: list[str] = []
        linked: dict[tuple[str, bool], tuple[Link, list[str]]] = {}
        for name, clause in clauses:
            route = None if name in exempt else self.model.route(fact, name, through)
            if route is None:
                continue
            text = self.clause(route.field, route.column, clause)
            if route.link is None:
                parts.append(text)
            else:
                linked.setdefault((route.link.name, route.backwards), (route.link, []))[1].append(text)
        for (_, backwards), (link, texts) in linked.items():
            parts.append(self._linked(link, backwards, texts))
        return " and ".join(parts) or "true"

    def unreached(self, fact: str, clauses: Clauses, through: str = "") -> tuple[str, ...]:
        """Return the fields whose clauses don't reach a fact."""
        return tuple(name for name, _ in clauses if self.model.route(fact, name, through) is None)

    def clause(self, of: Field, column: str, clause: Clause) -> str:
        """Return one clause over a column; raises ValueError if a value isn't of the field's type."""
        if isinstance(clause, Values):
            return self._values(of, column, clause)
        if isinstance(clause, Range):
            ends = ((">=", clause.low), ("<", clause.high))
            return self._both(column, [f"{column} {sign} {self._give(typed(of, end))}" for sign, end in ends if end is not None])
        if isinstance(clause, Window):
            ends_s = ((">=", clause.start), ("<", clause.end))
            return self._both(
                column, [f"{column} {sign} {self._give(self.now + timedelta(seconds=end))}" for sign, end in ends_s if end is not None]
            )
        return "(" + " or ".join(self._shape(shape, column) for shape in clause.shapes) + ")"

    def _values(self, of: Field, column: str, clause: Values) -> str:
        given = [typed(of, value) for value in sorted(value for value in clause.values if value is not None)]
        holds = "{column} in (select unnest({given}))" if len(given) > self.many else "list_contains({given}, {column})"
        parts = [holds.format(column=column, given=self._give(given))] if given else []
        if None in clause.values:
            parts.append(f"{column} is null")
        return f"({' or '.join(parts)})"

    def _both(self, column: str, parts: list[str]) -> str:
        return f"({' and '.join(parts)})" if parts else f"{column} is not null"

    def _shape(self, shape: Shape, columns: str) -> str:
        if isinstance(shape, Circle):
            return f"within_circle({columns}, {self._give(shape.lon)}, {self._give(shape.lat)}, {self._give(shape.metres)})"
        if isinstance(shape, Box):
            edges = ", ".join(map(self._give, (shape.west, shape.south, shape.east, shape.north)))
            return f"within_box({columns}, {edges})"
        outline, *holes = (self._ring(ring, columns) for ring in (shape.corners, *shape.holes))
        return f"({' and not '.join([outline, *holes])})"

    def _ring(self, corners: Iterable[tuple[float, float]], columns: str) -> str:
        xs, ys = map(self._give, map(list, zip(*corners, strict=True)))
        return f"within_polygon({columns}, {xs}, {ys})"

    def _linked(self, link: Link, backwards: bool, texts: list[str]) -> str:
        """Return the predicate that some row at the other end of a link passes all these clauses."""
        text = " and ".join(texts)
        for step in link.steps[::-1] if backwards else link.steps:
            holds = f"({step.ended} is null or {step.ended} > $now) and " if step.ended else ""
            here, there, of = step.to_key, step.from_key, step.from_fact
            before, within = "", holds
            if backwards:
                here, there, of = step.from_key, step.to_key, step.to_fact
                before, within = holds, ""
            text = f"{before}{here} in (select {there} from {of}($now) where {there} is not null and {within}{text})"
        return text

    def _give(self, value: Any) -> str:
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return f"${name}"


def typed(of: Field, text: str) -> Any:
    """Return a clause's text as a value of the field's type; raises ValueError saying what is wrong."""
    try:
        if of.type == "integer":
            return int(text)
        if of.type == "number":
            return float(text)
        if of.type == "boolean":
            return {"true": True, "false": False}[text.casefold()]
        if of.type == "instant":
            moment = datetime.fromisoformat(text)
            return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, KeyError):
        raise ValueError(f"{of.name}: {text!r} is not {_ARTICLE[of.type]}") from None
    return text


_ARTICLE = {"integer": "a whole number", "number": "a number", "boolean": "true or false", "instant": "a time"}


def as_text(of: Field, value: Any) -> str | None:
    """Return a stored value as a clause holds it."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat() + "Z"
    return str(value)
