"""A TOML file under queries/: what it says and, of what is wrong, on which line."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from console.desk.desk import Unknown

Made = TypeVar("Made")
Place = tuple[str | int, ...]  # keys from the top of the file, and the number of an entry of an array of tables
_HEADER = re.compile(r"\s*\[(\[)?([\w. -]+)\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""\s*(?:["']([^"']+)["']|([\w.-]+))\s*=""")
_WORDS = {str: "a text", int: "a whole number", float: "a number", bool: "true or false", dict: "a table", list: "a list"}


class Faults(ValueError):
    """All that is wrong with a file: `found` has one sentence each, beginning `path:line: `."""

    def __init__(self, found: Iterable[str]) -> None:
        """Say these."""
        self.found = tuple(found)
        super().__init__("\n".join(self.found))


class Document:
    """A file's body, and the faults noted of it while it is read."""

    def __init__(self, path: Path) -> None:
        """Read the file; raises Faults if it is no TOML, FileNotFoundError if it isn't there."""
        self.path = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
        self.faults: list[str] = []
        text = path.read_text(encoding="utf-8")
        try:
            self.body: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            found = re.search(r" \(at line (\d+), .*\)$", str(error))
            line, words = (int(found[1]), str(error)[: found.start()]) if found else (len(text.splitlines()), str(error))
            raise Faults((f"{self.path}:{line}: {words}",)) from error
        self._text = text.splitlines()
        self._lines = _lines(self._text)

    def blame(self, at: Place, words: str, value: str | None = None) -> None:
        """Note a fault of what stands at a place; of a list or a line of many words, `value` says which."""
        self.faults.append(f"{self.path}:{self.line(at, value)}: {self._who(at)}{words}")

    def line(self, at: Place, value: str | None = None) -> int:
        """Return the line, from 1, of a place or the nearest above it that has one, or of a value written there."""
        here = next((at[:n] for n in range(len(at), 0, -1) if at[:n] in self._lines), ())
        line = self._lines.get(here, 1)
        beyond = (other for place, other in self._lines.items() if other > line and (not here or place[: len(here)] != here))
        after = min(beyond, default=len(self._text) + 1)
        return next((n for n in range(line, after) if value is not None and value in self._text[n - 1]), line)

    def tried(self, at: Place, make: Callable[[], Made], value: str | None = None) -> Made | None:
        """Return what is made, or None with what was wrong noted."""
        try:
            return make()
        except (ValueError, Unknown) as error:
            self.blame(at, str(error), value)
            return None

    def each(self, at: Place, values: Iterable[str], make: Callable[[str], Made]) -> list[Made]:
        """Return what is made of each value of a list, those that fail noted and left out."""
        made = (self.tried(at, lambda value=value: make(value), value) for value in values)  # type: ignore[misc]
        return [one for one in made if one is not None]

    def shaped(self, shape: Any, said: Any = None, at: Place = ()) -> bool:
        """Return whether what is said has this shape, with each place where it hasn't noted.

        A shape is a type, `[shape]`, or a mapping of keys to shapes, where `key!` must be there and `*` is any key.
        """
        noted = len(self.faults)
        said = self.body if at == () else said
        kind: type = dict if isinstance(shape, Mapping) else list if isinstance(shape, list) else shape
        if not _is(said, kind):
            self.blame(at, f"is {said!r}, not {_WORDS[kind]}")
        elif isinstance(shape, list):
            for n, one in enumerate(said):
                self.shaped(shape[0], one, (*at, n))
        elif isinstance(shape, Mapping):
            self._keyed({key.rstrip("!"): one for key, one in shape.items()}, said, at)
            for key in shape:
                if key.endswith("!") and key[:-1] not in said:
                    self.blame(at, f"has no {key[:-1]!r}")
        return len(self.faults) == noted

    def _keyed(self, known: dict[str, Any], said: dict[str, Any], at: Place) -> None:
        for key, one in said.items():
            if key in known or "*" in known:
                self.shaped(known.get(key, known.get("*")), one, (*at, key))
            else:
                self.blame((*at, key), f"no such key{nearest(key, known)}")

    def done(self) -> None:
        """Raise Faults if any was noted."""
        if self.faults:
            raise Faults(self.faults)

    def _who(self, at: Place) -> str:
        """Return what stands at a place, in words: `panel 'queue', fields: `, `fact.incident.field.grade: `."""
        words, held = "", self.body
        for step in at:
            held = held[step] if isinstance(held, list) else held.get(step, {})  # type: ignore[arg-type]
            if isinstance(step, str):
                words += f"{', ' if words.endswith(chr(39)) else '.'}{step}" if words else step
            elif isinstance(held, dict):
                words += f" {held.get('name', step + 1)!r}"
        return f"{words}: " if words else ""


def _is(said: Any, kind: type) -> bool:
    """Return whether a value is of a kind; a truth value is no number, a whole number is one."""
    if isinstance(said, bool):
        return kind in (bool, object)
    return isinstance(said, (int, float) if kind is float else kind)


def _lines(text: list[str]) -> dict[Place, int]:
    """Return the line of each table, each key that begins a line, and each table of a list that does."""
    found: dict[Place, int] = {}
    counted: dict[Place, int] = {}
    table: Place = ()
    several: Place = ()
    quoted = False
    for number, line in enumerate(text, 1):
        if not quoted and (header := _HEADER.match(line)):
            table, names = (), header[2].split(".")
            for n, name in enumerate(names, 1):
                table += (name.strip(),)
                if header[1] and n == len(names):
                    counted[table] = counted.get(table, -1) + 1
                if table in counted:
                    table += (counted[table],)
            found.setdefault(table, number)
        elif not quoted and (key := _KEY.match(line)):
            place = (*table, *([key[1]] if key[1] else key[2].split(".")))
            found.setdefault(place, number)
            several = place if line.rstrip().endswith("[") else ()
        elif not quoted and several and line.lstrip().startswith("{"):
            counted[several] = counted.get(several, -1) + 1
            found.setdefault((*several, counted[several]), number)
        quoted ^= (line.count('"""') + line.count("'''")) % 2 == 1
    return found


def nearest(name: str, known: Iterable[str | None]) -> str:
    """Return the words that offer the nearest of the known names, or none where nothing is known."""
    folded = {each.casefold(): each for each in sorted({each for each in known if each is not None})}
    near = difflib.get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.0)
    return f"; the nearest is {folded[near[0]]!r}" if near else ""
