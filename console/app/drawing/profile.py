"""The profile: what the terminal is drawn with, chosen once before any widget is made."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace

TRUE, ANSI, NONE = 2**24, 16, 0  # colours
COERCED = "C.UTF-8"  # what Python itself sets LC_CTYPE to where the locale named isn't installed


@dataclass(frozen=True, slots=True)
class Profile:
    """How many colours there are, whether the terminal takes UTF-8, and whether parts of a cell are drawn (half blocks, braille)."""

    name: str
    colours: int
    unicode: bool = True
    blocks: bool = True

    @property
    def system(self) -> str:
        """The colours by the name that Rich and Textual have for them."""
        return {TRUE: "truecolor", 256: "256"}.get(self.colours, "standard")


PROFILES = {
    "full": Profile("full", TRUE),
    "256": Profile("256", 256),
    "lean": Profile("lean", ANSI, blocks=False),
    "mono": Profile("mono", NONE),
    "ascii": Profile("ascii", 256, unicode=False, blocks=False),
}
_held = PROFILES["256"]


def choose(env: Mapping[str, str], encoding: str = "utf-8", name: str = "") -> Profile:
    """Return the profile of that name, else the one that suits the environment; `encoding` is the standard output's.

    All colours are never taken for granted, as each costs the link twice as much. Raises ValueError for a name that isn't one.
    """
    if name and name not in PROFILES:
        raise ValueError(f"no profile {name!r}: {', '.join(PROFILES)}")
    takes = _takes_utf8(env, encoding)
    if env.get("TEXTUAL_DRIVER") and not name:
        return PROFILES["full"]
    colours = NONE if env.get("NO_COLOR") else _colours(env)
    if not name:
        name = "ascii" if not takes else "mono" if not colours else "lean" if colours < 256 else "256"
    made = PROFILES[name]
    if env.get("TERM") == "linux":
        made = replace(made, blocks=False)  # the kernel's fonts have few of them
    if name == "ascii":
        return replace(made, colours=min(256, colours))
    return made if takes else replace(made, unicode=False, blocks=False)


def refusal(env: Mapping[str, str]) -> str:
    """Return why no screen can be drawn on such a terminal, or ""."""
    term = env.get("TERM", "")
    if term not in ("", "dumb", "unknown") or env.get("TEXTUAL_DRIVER"):
        return ""
    said = f"TERM is {term}" if term else "TERM isn't set"
    return f"{said}: on such a terminal nothing can be put in its place; `console ask control` prints the same as text"


def _takes_utf8(env: Mapping[str, str], encoding: str) -> bool:
    named = {name: env.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG")}
    if named["LC_CTYPE"] == COERCED and named["LANG"] not in ("", "C", "POSIX"):
        named["LC_CTYPE"] = ""
    locale = next(filter(None, named.values()), "C.UTF-8")
    return all(said.lower().replace("-", "").startswith("utf") for said in (encoding, _charset(locale)))


def _charset(locale: str) -> str:
    return locale.partition("@")[0].partition(".")[2]


def _colours(env: Mapping[str, str]) -> int:
    """Return how many colours the terminal has, by what it says of itself and by terminfo: 0, 16 or 256."""
    term = env.get("TERM", "")
    if "256color" in term or "direct" in term or env.get("COLORTERM"):
        return 256
    import curses

    try:
        curses.setupterm(term, 1)
    except curses.error:
        return ANSI
    known = curses.tigetnum("colors")
    return 256 if known >= 256 else ANSI if known >= 8 else NONE


def now() -> Profile:
    """Return the profile in use."""
    return _held


def use(profile: Profile) -> None:
    """Draw with a profile from now on: to be chosen before the screens are imported."""
    global _held
    _held = profile
    os.environ["TEXTUAL_COLOR_SYSTEM"] = profile.system
    os.environ.pop("NO_COLOR", None)  # it is heeded here: Textual's own way keeps greys
