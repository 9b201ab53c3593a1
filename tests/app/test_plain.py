"""What `console ask` prints for people: the words and units of the screen, and no boxes."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console

from console.app import plain
from console.desk.desk import Question, Viewer
from tests.app.fake import FakeDesk


def printed(desk: FakeDesk, *panels: str) -> str:
    """Return the text of some panels."""
    console = Console(width=300)
    with console.capture() as captured:
        answer = desk.ask(Viewer("test"), Question("control", panels=panels))
        console.print(plain.as_text(answer, ZoneInfo("Europe/London"), "OFFICIAL (SYNTHETIC)"))
    return captured.get()


def test_numbers_carry_their_units() -> None:
    """Durations and targets are worded as on the screen; a missing value is empty."""
    text = printed(FakeDesk(), "queue", "utilisation")
    assert "40m00s" in text
    assert "20m left" in text
    assert "(none)" not in text
    assert " % " in text
    assert not set("│┃━") & set(text)


def test_missing_events_are_said_of_their_source() -> None:
    """A gap is said with the source's name, one that is being filled as to come."""
    desk = FakeDesk()
    assert "missing" not in printed(desk, "type")
    desk.gaps = 3
    assert "Simulator: 3 events missing" in printed(desk, "type")
    desk.gaps, desk.filling = 1204, True
    assert "Simulator: 1,204 earlier events to come" in printed(desk, "type")


def test_a_time_of_another_year_says_which() -> None:
    """This year's times need no year."""
    desk = FakeDesk()
    now = datetime.now(ZoneInfo("Europe/London"))
    for year in (now.year, now.year - 1):
        desk.now = datetime(year, 1, 1, 12)
        said = f"as of 01 Jan {'' if year == now.year else f'{year} '}12:00 GMT"
        assert said in printed(desk, "type")
