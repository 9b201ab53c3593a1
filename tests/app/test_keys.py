"""Every key comes from the one table: it acts, or says why it can't."""

from __future__ import annotations

import pytest

from console.app.drawing import bound
from console.app.keys import commands
from console.app.keys.commands import COMMANDS, Command
from tests.app.sitting import console

ALL = [(place, command) for place, held in COMMANDS.items() for command in held]


def test_no_two_commands_of_a_place_share_a_key() -> None:
    """Within a place a key means one thing."""
    for place, held in COMMANDS.items():
        keys = [key for command in held for key in command.keys]
        assert len(keys) == len(set(keys)), place


@pytest.mark.parametrize(("place", "command"), ALL, ids=lambda item: item.name if isinstance(item, Command) else item)
def test_every_command_is_reachable(place: str, command: Command) -> None:
    """Each key of a command finds it where it holds, whatever narrower place holds too."""
    where = {"map": ("map", "panel", "anywhere"), "bars": ("bars", "panel", "anywhere"), "rows": ("rows", "anywhere"),
             "drawing": ("drawing", "map", "panel", "anywhere"), "panel": ("table", "panel", "anywhere"),
             "opened": ("opened", "profile", "panel", "anywhere"), "anywhere": ("table", "panel", "anywhere"),
             "copying": ("copying",), "exporting": ("exporting",), "taking": ("taking", "rows", "anywhere"),
             "replay": ("table", "panel", "replay", "anywhere")}[place]  # fmt: skip
    for key in command.keys:
        assert commands.find(key, where) is command


async def test_help_lists_every_command() -> None:
    """The help screen has each command's keys and words, every panel of the app, and what is held in memory."""
    async with console((120, 170)) as held:
        await held.press("question_mark")
        text = held.text
        assert "1,204 rows in 3 MB" in text
        for _, command in ALL:
            assert bound.said(command.help) in text
            assert command.all_shown in text
        for spec in held.page.sitting.app.panels:
            assert spec.title in text
        await held.press("down", "pagedown", "escape")
        assert "Queue" in held.text


async def test_a_key_that_cannot_act_says_why() -> None:
    """No key is mute: the message line has the reason."""
    async with console() as held:
        for key, said in {
            "left_square_bracket": "first selection",
            "right_square_bracket": "last selection",
            "C": "nothing is selected",
            "L": "nothing is selected",
            "c": "nothing is selected",
            "a": "nothing waits",
            "A": "nothing waits",
            "space": "isn't a value of a field",
            "enter": "isn't a value",
            "o": "has a page of its own",
            "escape": "nothing to leave",
            "k": "does nothing here",
            "up": "nowhere to go",
        }.items():
            await held.press(key)
            assert said in held.foot, key
        await held.press("apostrophe", "z")
        assert "no panel has the letter z" in held.foot
        await held.press("apostrophe", "t", "right")
        assert "no levels" in held.foot
        await held.press("apostrophe", "m", "Z")
        assert "whole force" in held.foot


async def test_the_foot_offers_what_can_act() -> None:
    """Keys at the foot are those that act now; back comes when there is somewhere to go back to."""
    async with console((200, 50)) as held:
        await held.press("apostrophe", "t")
        assert "space select" in held.foot
        assert "enter rows" in held.foot
        assert "[ back" not in held.foot
        await held.press("space")
        assert "[ back" in held.foot
        assert "L lock" in held.foot


async def test_focus_goes_round_and_jumps() -> None:
    """Tab goes round the panels and headlines, shift+tab back, a letter anywhere, also off the screen."""
    async with console() as held:
        seen = []
        for _ in range(len(held.page.on_screen()) + 1):
            seen.append(held.page.sitting.focus)
            await held.press("tab")
        assert held.page.sitting.focus == seen[0]
        assert set(seen) == {"headlines", *held.page.on_screen()}
        await held.press("shift+tab")
        assert held.page.sitting.focus == seen[-1]
        await held.press("apostrophe", "i")
        assert held.page.alone == "incident"
        assert "opens its page here" in held.text
        await held.press("escape")
        assert "Queue" in held.text
        await held.press("f")
        assert held.page.alone
        await held.press("t", "T", "f")
        assert not held.page.alone


async def test_a_headline_says_its_definition() -> None:
    """The cursor on a headline says what it counts."""
    async with console() as held:
        await held.press("shift+tab")
        assert held.page.sitting.focus == "headlines"
        assert "Open, counted now." in held.foot
        await held.press("right")
        assert "Unresourced, counted now." in held.foot


async def test_profiles_open_from_rows_markers_and_lines() -> None:
    """o on a row opens its page; a line of it opens the next; a profile follows its thing."""
    async with console() as held:
        job = next(each for each in held.desk.incidents if each["unit"])
        job["points"] = 99
        await held.press("r", "apostrophe", "q", "home", "o")
        assert f"Incident {job['ref']}" in held.text
        assert job["location"] in held.text
        await held.press("end", "o")
        assert f"Unit {job['unit']}" in held.text
        await held.press("escape", "apostrophe", "u", "o")
        assert "Unit BX00" in held.text
        await held.press("end", "space")
        assert held.page.sitting.selection.fields() == ("beat",)


async def test_quitting_is_immediate() -> None:
    """q leaves although a question never ends."""
    async with console() as held:
        import threading

        held.desk.gate = threading.Event()
        await held.pilot.press("r")
        await held.pilot.press("q")
        await held.pilot.pause()
        assert held.app.return_value == 0
        assert held.app.asking is not None
        assert held.app.asking.running
        held.desk.gate.set()


async def test_keys_faster_than_a_page_opens() -> None:
    """What is pressed between an app's key and its first page finds nothing of the app before, and no fault."""
    async with console() as screen:
        for key in ("2", "r", "enter", "tab", "t", "f", "o", "1", "r", "space", "2", "L", "bracket"):
            screen.page.press(key, key if len(key) == 1 else None)
        await screen.settle()
        assert screen.page.sitting.app.name == "types"
        assert screen.page.panels
