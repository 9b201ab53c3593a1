"""Sizes, resizing, hostile text, no colour, ASCII, the opening, and what a crash leaves."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from console.app import crash
from console.app.app import ConsoleApp
from console.app.drawing import drawn, glyphs, profile
from console.desk.answer import Alert
from tests.app.fake import FakeDesk
from tests.app.sitting import console

HOSTILE = "\x1b[2J\x1b]0;pwned\x07 \x9b31m [bold red]x[/] \u202eevil\u2066 a\nb"


async def test_each_size_has_its_layout() -> None:
    """Wide shows every panel, narrow one with tabs, a phone four figures and a list, less than that a line."""
    async with console((120, 40)) as held:
        for title in ("Demand", "Map", "Grade", "Type", "Place", "Units by state", "Queue", "Units"):
            assert title in held.text
    async with console((80, 24)) as held:
        assert "queue | units" in held.text
        assert len(held.page.on_screen()) == 1
        assert "UTILISATION" in held.text
        await held.press("t")
        assert held.page.on_screen() == ["map"]
        await held.press("apostrophe", "q")
        assert "J-104" in held.text
    async with console((40, 20), select=("district=Bristol",)) as held:
        hidden = sum(each["grade"] == "Immediate" and each["district"] != "Bristol" for each in held.desk.incidents)
        assert f"of 312,  {hidden} Imm hidden" in held.lines[1]
        for word in ("OPEN", "UNRESOURCED", "BREACHED", "DEPLOYABLE", "Queue"):
            assert word in held.text
        assert "LIVE" in held.lines[0]
    async with console((30, 8)) as held:
        assert "30x8" in held.text
        assert "40x12" in held.text
        await held.pilot.press("q")


async def test_leaving_lets_go_of_the_file() -> None:
    """The file is let go of as soon as the viewer leaves, once."""
    async with console() as held:
        await held.pilot.press("q")
        held.app.let_go().join()
        assert held.desk.closed
        assert held.app.let_go() is held.app.let_go()


async def test_resizing_while_running_is_fine() -> None:
    """Every size after every other; the selection stays."""
    async with console(select=("type=Violence",)) as held:
        said = held.page.clauses.text.split(" open")[0].split("  ")[-1].strip()
        for size in ((80, 24), (40, 20), (30, 8), (200, 50), (40, 12), (120, 40)):
            await held.pilot.resize_terminal(*size)
            await held.settle()
            assert len(held.lines) == size[1]
            if size != (30, 8):
                assert said.split(" of ")[0] in held.text
        assert "Queue" in held.text


async def test_hostile_text_is_drawn_harmless() -> None:
    """Escape codes, 8-bit controls, markup and bidi marks from data reach the screen as harmless characters."""
    desk = FakeDesk()
    desk.incidents[0] |= {"location": HOSTILE, "type": HOSTILE, "points": 100, "ref": HOSTILE, "grade": "Immediate"}
    desk.failing["units"] = HOSTILE
    async with console(desk=desk) as held:
        await held.press("apostrophe", "q", "o")
        await held.press("escape", "apostrophe", "t", "end", "space", "enter", "escape", "slash", "p", "w", "n", "escape")
        await held.press("apostrophe", "q")
        text = held.text.replace("\n", "")
        assert all(char == glyphs.clean(char) for char in text)
        assert "[bold red]x[/]" in text
        assert "�[2J" in text
        assert len({len(line) for line in held.page.panels["queue"].text.split("\n")}) >= 1


async def test_no_colour_runs_and_the_map_has_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without colours nothing breaks, a beat's class is a digit, and no cell has a colour."""
    monkeypatch.setattr(profile, "_held", profile.PROFILES["mono"])
    async with console() as held:
        await held.press("apostrophe", "m", "right", "space", "f", "c", "escape")
        assert any(char.isdigit() for line in held.lines[7:30] for char in line[20:100])
        for strip in held.app.screen._compositor.render_strips():
            assert all(segment.style is None or (segment.style.color is segment.style.bgcolor is None) for segment in strip)


async def test_ascii_under_another_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the terminal doesn't take UTF-8, all is ASCII, and no cell moves."""
    async with console() as held:
        wide = held.lines
    monkeypatch.setattr(drawn, "UNICODE", False)
    async with console() as held:
        assert held.text.isascii()
        assert len(held.lines) == len(wide)


async def test_every_segment_has_a_style() -> None:
    """What Textual's colour filters need of each segment."""
    async with console() as held:
        for panel in (*held.page.panels.values(), held.page.top, held.page.foot, held.page.headlines):
            for y in range(panel.size.height):
                assert all(segment.style is not None for segment in panel.render_line(y))


async def test_the_frame_is_painted_before_the_desk_opens() -> None:
    """Progress is shown in words and a bar; a failure to open ends the console with that failure."""
    gate, desk = threading.Event(), FakeDesk()

    def open_desk(progress: object) -> FakeDesk:
        assert callable(progress)
        progress("making history: week 3 of 8", 0.4)
        gate.wait(20)
        return desk

    app = ConsoleApp(open_desk, "control", None, (), (), "OFFICIAL")
    async with app.run_test(size=(80, 24)) as pilot:
        for _ in range(100):
            await pilot.pause(0.01)
            if "week 3" in app.opening.waiting.text:
                break
        assert "making history: week 3 of 8" in app.opening.waiting.text
        assert "40%" in app.opening.waiting.text
        assert "OFFICIAL" in app.opening.top.text
        gate.set()
        for _ in range(200):
            await pilot.pause(0.01)
            if app.screen is not app.opening:
                break
        assert app.screen is not app.opening


async def test_an_unknown_app_or_value_is_a_failure_with_words() -> None:
    """What the command line asks for and isn't there comes back as the exception that says so."""
    for select, name in (((), "contrl"), (("typo=Violence",), "control")):
        app = ConsoleApp(lambda progress: FakeDesk(), name, None, select, (), "OFFICIAL")
        async with app.run_test() as pilot:
            for _ in range(200):
                await pilot.pause(0.01)
                if app.failure is not None:
                    break
        assert app.failure is not None
        assert "typo" in str(app.failure) or "control" in str(app.failure)


def test_a_crash_leaves_a_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Time, version, where, keys and traceback, in a file its owner alone can read."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    try:
        raise RuntimeError("drawn outside the lines")
    except RuntimeError as error:
        path = crash.write(error, ["tab", "space"], "control, selected: Type Violence")
    text = path.read_text(encoding="utf-8")
    assert path.parent == tmp_path / "console"
    assert path.stat().st_mode & 0o077 == 0
    for words in ("drawn outside the lines", "tab space", "Type Violence", "test_screen.py", "version: 0", "UTC"):
        assert words in text


async def test_a_phone_reads_messages_alerts_and_hints_whole() -> None:
    """What is said takes the lines it needs, and gives them back at the next key; an alert has two."""
    desk = FakeDesk()
    desk.alerts = [Alert("immediate", desk.incidents[9]["ref"], desk.now, f"{desk.incidents[9]['ref']}, Violence now", True)] * 2
    async with console((40, 20), desk=desk) as held:
        assert f"IMMEDIATE {desk.incidents[9]['ref']}" in held.lines[1]
        assert held.lines[2].endswith("+1 a acknowledge")
        high = held.page.panels["queue"].size.height
        await held.press("apostrophe")
        assert "u units" in " ".join(held.lines[-3:])
        assert held.page.panels["queue"].size.height < high
        await held.press("escape", "slash")
        assert "esc leaves" in " ".join(" ".join(held.lines[-2:]).split())
        await held.press("escape")
        assert held.page.panels["queue"].size.height == high
        await held.press("enter")
        assert "esc leave" in held.foot
