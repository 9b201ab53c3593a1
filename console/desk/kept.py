"""A sitting as it is kept while nobody sits: what was open, selected, looked at and half typed. Never who may see what."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from console.desk.page import Shown
from console.desk.selection import History

FOR = timedelta(hours=12)  # for which a sitting is kept
STEPS = 50  # of its history of selections, each way
LONGEST = 250_000  # bytes of one that is kept; of a longer one the steps are left out


@dataclass(frozen=True, slots=True)
class At:
    """Where a cursor stands: its row by number and by key (as text, "" for none), and the first row in view."""

    index: int = 0
    top: int = 0
    key: str = ""


@dataclass(frozen=True, slots=True)
class Sight:
    """Where a map looks (longitude, latitude; zoom in doublings), how it is drawn, and the shape that is half drawn on it."""

    at: tuple[float, float]
    middle: tuple[float, float]
    zoom: float = 0.0
    symbol: str = ""
    named: str = ""
    markers: bool = True
    drawing: str = ""
    corners: tuple[tuple[float, float], ...] = ()
    metres: int = 0
    about: str = ""  # what a circle is drawn round, where it stands at the cursor


@dataclass(frozen=True, slots=True)
class PanelKept:
    """A panel of an app: how deep it was drilled into, what it is about, what it shows, where its cursors stand."""

    app: str
    panel: str
    path: tuple[str | None, ...] = ()
    held: bool = False  # taken up by hand, so that it doesn't go deeper by itself
    subject: str | None = None
    shown: Shown | None = None
    cursors: tuple[At, ...] = ()
    sight: Sight | None = None


@dataclass(frozen=True, slots=True)
class ViewKept:
    """What lay over the panels: the rows behind a number (`text` says which), a search or a name (`text` as far as it was typed)."""

    kind: str  # rows, search or name
    text: str
    panel: str = ""
    at: tuple[tuple[str, str | None], ...] = ()
    sort: tuple[tuple[str, bool], ...] = ()
    columns: tuple[str, ...] = ()
    cursors: tuple[At, ...] = ()


@dataclass(frozen=True, slots=True)
class WayKept:
    """The way back from a thing's page: the panel opened, and what stood where it was opened."""

    to: str
    focus: str
    alone: str
    wide: bool
    views: tuple[ViewKept, ...] = ()
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Screen:
    """How a screen stood: the open app, the panel of each app that had the keys, panels, views, ways back."""

    app: str
    focus: tuple[tuple[str, str], ...] = ()
    panels: tuple[PanelKept, ...] = ()
    views: tuple[ViewKept, ...] = ()  # the top one last
    ways: tuple[WayKept, ...] = ()
    alone: str = ""
    wide: bool = False
    foot: int = 1  # lines of the keys
    at: datetime | None = None  # the moment shown, where that isn't now


@dataclass(frozen=True, slots=True)
class Kept:
    """A sitting: a user has one a seat; `left_at` (UTC) is when its last key was pressed.

    `dropped` says in a few words each what of it isn't there, or isn't permitted, any more.
    """

    seat: str
    left_at: datetime
    screen: Screen
    history: History = field(default_factory=History)
    dropped: tuple[str, ...] = ()


def shortened(history: History) -> History:
    """Return a history with as many of its steps as are kept."""
    return History(history.past[-STEPS:], history.now, history.future[:STEPS])


def without_steps(kept: Kept) -> Kept:
    """Return a sitting with its present selection alone."""
    return replace(kept, history=History(now=kept.history.now))
