"""The page in a replay: it stands at a past moment, goes on from there, and comes back to the present."""

from __future__ import annotations

from datetime import datetime

from console.app.asking import Asking, words_of
from console.app.clock import Clock
from console.app.drawing import bound, words
from console.app.messages import Done, Said
from console.app.page import strips
from console.app.page.dialogue import Dialogue
from console.app.replay import Replay


class Past(Dialogue):
    """A dialogue that may be about a past moment."""

    def __init__(self, asking: Asking, marking: str, clock: Clock) -> None:
        """Begin where the sitting stands."""
        super().__init__(asking, marking, clock)
        self.live.arrive = self.go_live

    def go_to(self, at: datetime) -> None:
        """Stand at a past moment, or at the present if it isn't past, and say which; a replay goes on from there as it did."""
        if at >= self.live.present():
            self.go_live()
            return
        self.turn((self.sitting.replay or Replay(at)).to(at, self.clock.monotonic()))
        self.asking.used("replay", f"{at:%Y-%m-%dT%H:%M:%SZ}")

    def turn(self, replay: Replay) -> None:
        """Have a replay stand, or go on, otherwise."""
        moved = replay.at != self.sitting.at
        self.sitting.replay = replay
        if moved:
            self.ask_everything()
        self.live.say_time()
        self.redraw_strips()
        does = "pauses" if replay.playing else "plays"
        self.say(bound.said(f"{strips.replaying(replay, None)[0][0]}: {{play}} {does}, {{live}} goes to the present"))

    def go_live(self) -> None:
        """Leave a replay for the present."""
        if self.sitting.replay is not None:
            self.sitting.replay = None
            self.ask_everything()
            self.live.say_time()
            self.say("the present again")

    def find_event(self, of: datetime, forward: bool) -> None:
        """Go to the Immediate incident next after a moment, or before it, and say which."""

        def look() -> Done:
            found = self.asking.event(of, forward)
            return Done(lambda: self._stand_at(found, forward))

        self.asking.job(look, lambda error: Said(f"not found: {words_of(error)}"))

    def _stand_at(self, found: tuple[str, datetime] | None, forward: bool) -> None:
        if found is None:
            self.say(f"there is no Immediate incident {'after' if forward else 'before'} this moment")
            return
        ref, at = found
        self.go_to(at)
        self.say(f"{ref}, Immediate, was created at {words.clock(at)}")
