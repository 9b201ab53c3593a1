"""One client at a hub without a screen: it presses, and looks again when something moved, as a console's page does."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from console.desk.answer import Answer
from console.desk.desk import Away, Change, Failed, Interrupted, Question, Viewer
from console.desk.selection import Selection
from console.hub.client.desk import HubDesk
from console.hub.client.reaching import reached

APP, LAYOUT, CHART = "control", "wide", "demand"
IN = ("type", "place", "grade_age", "unit_state")  # the panels pressed in
EVERY = 3.0  # seconds between two presses
LOOKS = 1.0  # seconds between two looks at what moved, as of a page at which somebody types
SITTING = 6  # presses from a clean slate
LONGEST = 60.0  # seconds that a hub is waited for
NOBODY = Viewer("")


@dataclass
class Sitter:
    """A client, what its presses took (ms), and when (s, monotonic) it was first told of each announcement."""

    path: Path
    seed: int
    pages: list[float] = field(default_factory=list)
    charts: list[float] = field(default_factory=list)
    told: dict[str, float] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def meet(self) -> float:
        """Reach the hub and see its first page; return how long that took (ms)."""
        began = time.monotonic()
        self.desk: HubDesk = reached(self.path, LONGEST)
        app = next(each for each in self.desk.apps(NOBODY) if each.name == APP)
        layout = dict(app.layouts)[LAYOUT]
        self.shown = tuple(dict.fromkeys((*layout.headlines, *(cell.panel for row in layout.rows for cell in row.cells))))
        self._moved, self._end = threading.Event(), threading.Event()
        self._pressing = False
        self._draw, self._selection = random.Random(self.seed), Selection()
        self._stop = self.desk.subscribe(NOBODY, self._changed)
        answer = self._ask(self.shown, "page")
        self._values = [at for panel in answer.panels if panel.name in IN for row in panel.rows for at in row.at if at[1] is not None]
        return 1000 * (time.monotonic() - began)

    def press(self) -> None:
        """Change the selection, and wait for all that is asked of it."""
        fields = self._selection.fields()
        if len(self.pages) % SITTING == 0 and fields:
            self._selection = Selection()
        else:
            name, value = self._draw.choice(self._values)
            self._selection = self._selection.toggle(name, str(value))
        quick = self.desk.quick(NOBODY, APP)
        last = () if not quick or CHART in quick else (CHART,)
        began, self._pressing = time.monotonic(), True
        self.desk.cancel(NOBODY, "live")
        try:
            self._ask(tuple(name for name in self.shown if name not in last), "page")
            self.pages.append(1000 * (time.monotonic() - began))
            if last:
                self._ask(last, "last")
            self.charts.append(1000 * (time.monotonic() - began))
        except (Away, Failed, Interrupted) as error:
            self.failures.append(f"{type(error).__name__}: {error}")
        self._pressing = False

    def sit(self, until: float) -> None:
        """Press every few seconds, and look when something moved, until a time (s, monotonic)."""
        self._end.clear()
        looking = threading.Thread(target=self._look)
        looking.start()
        following = time.monotonic() + EVERY * self._draw.random()
        while following < until:
            time.sleep(max(0.0, following - time.monotonic()))
            self.press()
            following += EVERY
        self._end.set()
        self._moved.set()
        looking.join()

    def leave(self) -> None:
        """Go."""
        self._stop()
        self.desk.close()

    def _look(self) -> None:
        while not self._end.is_set():
            self._moved.wait()
            self._moved.clear()
            began = time.monotonic()
            if not self._end.is_set() and not self._pressing:  # what a press asks for is new enough
                try:
                    self._ask(tuple(name for name in self.shown if name != CHART), "live")
                except Interrupted:
                    self._moved.set()
                except (Away, Failed) as error:
                    self.failures.append(f"{type(error).__name__}: {error}")
            self._end.wait(began + LOOKS - time.monotonic())

    def _ask(self, panels: tuple[str, ...], ticket: str) -> Answer:
        answer = self.desk.ask(NOBODY, Question(APP, self._selection, panels=panels, ticket=ticket))
        now = time.monotonic()
        for alert in answer.alerts:
            self.told.setdefault(alert.key, now)
        return answer

    def _changed(self, change: Change) -> None:
        self._moved.set()
