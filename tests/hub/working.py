"""A Desk that works as long as it is told, and can be interrupted at it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from console.desk.answer import Answer
from console.desk.desk import Change, Command, Interrupted, Question, Viewer
from tests.app.fake import FakeDesk


class WorkingDesk(FakeDesk):
    """Answers at once, but a question whose app is asked with the panel in `slow` only once `go` is set or it is interrupted."""

    def __init__(self) -> None:
        """Have nothing slow."""
        super().__init__(40)
        self.slow = ""
        self.go = threading.Event()
        self.begun: list[tuple[Viewer, Question]] = []
        self.interrupted: list[str] = []
        self.viewers: list[Viewer] = []
        self._stops: dict[str, threading.Event] = {}
        self.told: list[Callable[[Change], None]] = []

    def ask(self, viewer: Viewer, question: Question) -> Answer:
        """See Desk."""
        self.begun.append((viewer, question))
        if self.slow and self.slow in (question.panels or ()):
            stop = self._stops[f"{viewer.seat} {question.ticket}"] = threading.Event()
            while not (self.go.is_set() or stop.is_set()):
                stop.wait(0.01)
            if stop.is_set():
                self.interrupted.append(question.ticket)
                raise Interrupted
        return super().ask(viewer, replace(question, ticket=""))

    def cancel(self, viewer: Viewer, ticket: str) -> None:
        """See Desk."""
        if (stop := self._stops.get(f"{viewer.seat} {ticket}")) is not None:
            stop.set()

    def command(self, viewer: Viewer, command: Command) -> str:
        """See Desk."""
        self.viewers.append(viewer)
        return super().command(viewer, command)

    def subscribe(self, viewer: Viewer, notify: Callable[[Change], None]) -> Callable[[], None]:
        """See Desk."""
        self.told.append(notify)
        return lambda: self.told.remove(notify)

    def change(self, *facts: str) -> None:
        """Bring a new data version that touched these facts."""
        self.version += 1
        panels = {(app.name, spec.name) for app in self.apps(self.viewer()) for spec in app.panels if spec.fact in facts}
        for notify in tuple(self.told):
            notify(Change(self.version, frozenset(facts), frozenset(panels)))
