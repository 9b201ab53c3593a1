"""Keys from a file: by place, each command's name and its keys; whatever can't be meant is refused with its line."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from console.app.drawing import bound
from console.app.keys import commands
from console.app.keys.commands import COMMANDS, SHOWN, Command, find, written

NEEDED = ("leave_console", "show_help")  # commands that always have a key
STOP = "ctrl+c"  # always leaves
SAME = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+h": "backspace", "ctrl+left_square_bracket": "escape"}  # to a terminal
NAMED = {*["enter", "tab", "space", "backspace", "escape", "shift+tab", "insert", "delete"], *(f"f{n}" for n in range(1, 13))}
MOVING = ["up", "down", "left", "right", "home", "end", "pageup", "pagedown", "insert", "delete"]
SENT = {
    *NAMED, *MOVING, *(f"{held}+{key}" for held in ("shift", "ctrl", "ctrl+shift") for key in MOVING),
    *(f"ctrl+{letter}" for letter in "abcdefgjklnopqrstuvwxyz"), *(f"alt+{letter}" for letter in "abcdefghijklmnopqrstuvwxyz0123456789"),
}  # fmt: skip
ALONE = ("copying", "exporting")  # places whose keys are chosen among by another key before them
TABLE = dict(COMMANDS)  # as it is without a file
_TYPED = {shown: key for key, shown in SHOWN.items()}
Given = dict[tuple[str, str], dict[str, tuple[str, ...]]]  # by place and name: the keys, of a family for each of the table's
Where = tuple[str, ...]


class Misbound(ValueError):
    """All that is wrong with a file of keys, a line each: `FILE:LINE: what`."""


def use(path: Path) -> None:
    """Give the table of commands the keys of a file; raises Misbound, OSError."""
    table = read(path)
    COMMANDS.clear()
    COMMANDS.update(table)
    commands.learn()


def read(path: Path) -> dict[str, tuple[Command, ...]]:
    """Return the table of commands with the keys of a file; raises Misbound, OSError."""
    text = path.read_text(encoding="utf-8")
    try:
        body = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise Misbound(f"{path}:{line[1] if line else len(text.splitlines())}: {error}") from error
    reading = _Reading(path, text)
    given = reading.given(body)
    table = {
        place: tuple(each.given(given[(place, each.name)]) if (place, each.name) in given else each for each in held)
        for place, held in TABLE.items()
    }
    for where, said in _conflicts(table, given):
        reading.blame(where, said)
    if reading.faults:
        raise Misbound("\n".join(reading.faults))
    return table


def as_file() -> str:
    """Return the table of commands as such a file, to start from."""
    made = ["# The keys of the console. Leave out what is to stay as it is; [] takes every key from a command."]
    for place, held in COMMANDS.items():
        made += ["", f"[{place}]"]
        for first, each in zip(TABLE[place], held, strict=True):
            if each.family:
                keys = {meant: [key for key in each.keys if each.stands_for.get(key, key) == meant] for meant in first.keys}
                ways = ", ".join(f"{_quoted(meant)} = {_list(of)}" for meant, of in keys.items())
                made.append(f"{each.name} = {{ {ways} }}  # {bound.said(each.help)}")
            else:
                made.append(f"{each.name} = {_list(each.keys)}  # {bound.said(each.help)}")
    return "\n".join(made) + "\n"


def _list(keys: Iterable[str]) -> str:
    return f"[{', '.join(_text(written(key)) for key in keys)}]"


def _quoted(key: str) -> str:
    shown = written(key)
    return shown if re.fullmatch(r"[A-Za-z0-9_-]+", shown) else _text(shown)


def _text(shown: str) -> str:
    return '"' + shown.replace("\\", "\\\\").replace('"', '\\"') + '"'


def normal(key: str) -> str:
    """Return a key as Textual names it; raises ValueError if no terminal sends it so that it can be told from others."""
    if len(key) == 1 and key.isprintable() and key != " ":
        return _TYPED.get(key) or commands.name_of(key)
    made = {" ": "space", "esc": "escape", "return": "enter"}.get(key, _TYPED.get(key, key))
    *held, last = made.split("+")
    made = "+".join([*sorted(held), _TYPED.get(last, last)])
    if made in SAME:
        raise ValueError(f'a terminal sends "{key}" as {written(SAME[made])}')
    if made in SENT or written(made) != made:
        return made
    if held and len(last) == 1:
        raise ValueError(f'terminals don\'t send "{key}": a letter goes with ctrl or alt, or is written as it is typed ("A")')
    near = difflib.get_close_matches(made, SENT, 1)
    raise ValueError(f'"{key}" is no key that terminals send' + (f": did you mean {near[0]}?" if near else ""))


class _Reading:
    """A file being read: what it gives, and what is wrong with it."""

    def __init__(self, path: Path, text: str) -> None:
        self._path, self._lines = path, text.splitlines()
        self.faults: list[str] = []

    def blame(self, where: Where, said: str) -> None:
        """Note a fault of a place, or of a command of it."""
        self.faults.append(f"{self._path}:{self._line(where)}: {'.'.join(where)}: {said}")

    def _line(self, where: Where) -> int:
        here, best = "", 1
        for n, line in enumerate(self._lines, 1):
            if head := re.match(r"\s*\[\s*([\w-]+)\s*\]", line):
                here = head[1]
                best = n if here == where[0] else best
            named = re.match(r"""\s*["']?([\w.-]+)["']?\s*=""", line)
            if named and (here, named[1]) in ((where[0], where[-1]), ("", where[0]), ("", ".".join(where))):
                return n
        return best

    def given(self, body: Mapping[str, Any]) -> Given:
        """Return what the file gives; what can't be meant is noted and left out."""
        made: Given = {}
        for place, held in body.items():
            if place not in TABLE or not isinstance(held, dict):
                self.blame((place,), f"no place of keys{_near(place, TABLE)}. There are {', '.join(TABLE)}")
                continue
            for name, value in held.items():
                command = next((each for each in TABLE[place] if each.name == name), None)
                if command is None:
                    self.blame((place, name), self._unknown(place, name))
                    continue
                keys = self._keys((place, name), command, value)
                if keys is not None:
                    made[(place, name)] = keys
        return made

    def _unknown(self, place: str, name: str) -> str:
        elsewhere = [other for other, held in TABLE.items() if any(each.name == name for each in held)]
        if elsewhere:
            return f"this is a command of [{elsewhere[0]}]"
        return f"no command{_near(name, [each.name for each in TABLE[place]])}"

    def _keys(self, where: Where, command: Command, value: Any) -> dict[str, tuple[str, ...]] | None:
        name = where[-1]
        if command.family and not isinstance(value, dict):
            self.blame(where, f'each of its keys does something else: write {name} = {{ {_quoted(command.keys[0])} = ["k"], ... }}')
            return None
        held: dict[str, tuple[str, ...]] = {}
        if command.family:
            ways = {written(key): key for key in command.keys}
            held = {key: (key,) for key in command.keys}
            for shown, keys in value.items():
                if shown not in ways:
                    self.blame(where, f"it has no {shown!r}{_near(shown, ways)}. It has {', '.join(ways)}")
                else:
                    held[ways[shown]] = self._list(where, keys)
        else:
            held = {"": self._list(where, value)}
            if name == "leave_console":
                held[""] = tuple(dict.fromkeys((*held[""], STOP)))
        if name in NEEDED and held[""] in ((), (STOP,)):
            self.blame(where, "it must keep a key")
        return held

    def _list(self, where: Where, value: Any) -> tuple[str, ...]:
        keys = [value] if isinstance(value, str) else value
        if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
            self.blame(where, 'keys are written as a list of texts: ["x", "ctrl+x"]')
            return ()
        made = []
        for key in keys:
            try:
                made.append(normal(key))
            except ValueError as error:
                self.blame(where, str(error))
            if made[-1:] == [STOP] and where[-1] != "leave_console":
                self.blame(where, f"{STOP} always leaves the console")
        return tuple(dict.fromkeys(made))


def _near(said: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(said, list(known), 1)
    return f" (did you mean {found[0]}?)" if found else ""


def stacks() -> Iterator[Where]:
    """Return the places of the table that hold at once, the narrower first."""
    for place in TABLE:
        narrower = {"anywhere": (), "panel": ("panel",), "rows": ("rows",), "drawing": ("drawing", "map", "panel"), "replay": ()}
        yield (place,) if place in ALONE else (*narrower.get(place, (place, "panel")), "replay", "anywhere")


def _hidden(table: Mapping[str, tuple[Command, ...]]) -> dict[tuple[Where, str, str, str], tuple[str, Command]]:
    """Return each key that another command takes first, by stack, place and name of the one that is hidden by it."""
    made = {}
    for stack in stacks():
        for n, place in enumerate(stack):
            for command in table[place]:
                for key in command.keys:
                    first = next((other for other in stack[: n + 1] if find(key, (other,), table)), place)
                    taker = find(key, (first,), table)
                    if taker is not None and taker is not command and taker.act is not command.act:
                        made[(stack, place, command.name, key)] = (first, taker)
    return made


def _conflicts(table: Mapping[str, tuple[Command, ...]], given: Given) -> Iterator[tuple[Where, str]]:
    """Return what the file hides: a key it gives, or every key of another command; a command that the table hides so may be."""
    before = {(stack, place, name, other, taker.name) for (stack, place, name, _), (other, taker) in _hidden(TABLE).items()}
    now = _hidden(table)
    told = set()
    for (stack, place, name, key), (other, taker) in now.items():
        if (stack, place, name, other, taker.name) in before or (place, name, key) in told:
            continue
        own = next(each for each in table[place] if each.name == name)
        left = [each for each in own.keys if (stack, place, name, each) not in now]
        mine, theirs = (place, name) in given, (other, taker.name) in given
        if (mine and key in (typed for held in given[(place, name)].values() for typed in held)) or (not left and theirs):
            told |= {(place, name, key), (other, taker.name, key)}
            blamed, rival = ((place, name), (other, taker.name)) if mine else ((other, taker.name), (place, name))
            yield blamed, f'"{written(key)}" is the key of {rival[1]} in [{rival[0]}]: give that another key too, or choose another here'
