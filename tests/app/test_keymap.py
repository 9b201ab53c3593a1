"""Keys from a file: they act, the foot, the help and every sentence name them, and what can't be meant is refused by line."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from console import settings
from console.app.drawing import bound
from console.app.keys import commands, keymap
from console.app.keys.commands import COMMANDS
from tests.app.sitting import console

APP = Path(__file__).resolve().parents[2] / "console" / "app"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "keys.toml"
    path.write_text(text, encoding="utf-8")
    return path


OWN = """
[anywhere]
lock = ["ctrl+k", "K"]
back = "~"
clear_all = ["Y"]
again = []
show_help = ["f1", "?"]
leave_console = ["Q"]
acknowledge = "!"

[panel]
select = ["s"]
move = { up = ["k", "up"], down = ["j", "down"], left = "h", right = "l" }
open_profile = "p"
jump = ["g"]

[bars]
deeper = ["l", "right"]

[map]
selected = "D"
names = "ctrl+n"
density = "G"
markers = "I"
lasso = "O"

[drawing]
resize = { "+" = "U" }
"""


async def test_other_keys_act_and_are_named(tmp_path: Path) -> None:
    """Moved keys do what they are moved for, the old ones nothing; foot, help and messages name the new ones."""
    keymap.use(written(tmp_path, OWN))
    async with console((200, 50)) as held:
        assert "gt" in held.page.panels["type"].text.split("\n")[0]
        await held.press("g", "t", "j", "j", "k", "s")
        rows = held.page.panels["type"].rows
        assert held.page.sitting.selection.clause("type") is not None
        assert str(rows[1].at[0][1]) in held.page.clauses.text
        assert "s select" in held.foot
        assert "~ back" in held.page.clauses.text
        await held.press("ctrl+k", "c")
        assert "Type is locked: ctrl+k unlocks it" in held.foot
        await held.press("space")
        assert "space does nothing here: f1 shows the keys" in held.foot
        await held.press("K", "l")
        assert "this panel has no levels: s selects, enter opens the rows" in held.foot
        await held.press("f1")
        text = "\n".join("".join(part for part, _ in line) for line in held.page.view.lines(200))  # type: ignore[union-attr]
        for said in (
            "ctrl+k K ",
            "k j h l pageup pagedown home end",
            "f1 ?",
            "Q ctrl+c",
            "no key",
            "p opens the page of what the line names",
        ):
            assert said in text, said
        await held.press("f1")
        assert held.page.view is None
        held.desk.failing["type"] = "no such column"
        await held.press("~", "Y")
        assert "press (again, which has no key) to ask again" in held.text
        await held.pilot.press("q")
        assert held.app.return_value is None
        await held.pilot.press("Q")
        assert held.app.return_value == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[anywhere]\nlock = 'c'", '2: anywhere.lock: "c" is the key of circle in [map]'),
        ("[panel]\nselect = 'o'", '2: panel.select: "o" is the key of open_profile in [panel]'),
        ("[panel]\nfull = 'x'\nclear = ['c', 'x']", '"x" is the key of'),
        ("[map]\ncircle = ['f']\nnext_place = ['f']", '2: map.circle: "f" is the key of'),
        ("[bars]\ndeeper = ['enter']", '2: bars.deeper: "enter" is the key of rows in [panel]'),
        ("[anywhere]\n\nserch = 'f'", "3: anywhere.serch: no command (did you mean search?)"),
        ("[panels]\nx = 1", "1: panels: no place of keys (did you mean panel?)"),
        ("[panel]\nlock = 'k'", "2: panel.lock: this is a command of [anywhere]"),
        ("[anywhere]\nlock = 'ctrl+i'", '2: anywhere.lock: a terminal sends "ctrl+i" as tab'),
        ("[anywhere]\nlock = 'shift+l'", 'terminals don\'t send "shift+l"'),
        ("[anywhere]\nlock = ['super+l']", 'terminals don\'t send "super+l"'),
        ("[anywhere]\nlock = 'scape'", '"scape" is no key that terminals send: did you mean escape?'),
        ("[anywhere]\nlock = 'ctrl+c'", "ctrl+c always leaves the console"),
        ("[anywhere]\nleave_console = []", "2: anywhere.leave_console: it must keep a key"),
        ("[anywhere]\nshow_help = []", "2: anywhere.show_help: it must keep a key"),
        ("[anywhere]\nlock = 7", "keys are written as a list of texts"),
        ("[panel]\nmove = ['k']", 'each of its keys does something else: write move = { up = ["k"], ... }'),
        ("[panel]\nmove = { upp = 'k' }", "it has no 'upp' (did you mean up?)"),
        ("[panel]\nmove = {", ":2: "),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """With the file, the line, and what was meant; the table stays as it was."""
    before = dict(COMMANDS)
    path = written(tmp_path, text)
    with pytest.raises(keymap.Misbound) as refused:
        keymap.use(path)
    assert str(path) in str(refused.value)
    assert said in str(refused.value)
    assert before == COMMANDS


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """A line each."""
    with pytest.raises(keymap.Misbound) as refused:
        keymap.read(written(tmp_path, "[anywhere]\nlock = 'ctrl+i'\nsearch = 'scape'\n[panel]\nfull = 'tab'\n"))
    assert len(str(refused.value).split("\n")) == 3


def test_the_printed_table_is_such_a_file(tmp_path: Path) -> None:
    """What `console keys` prints, taken back, gives the same table; so does one printed of other keys."""
    for text in (keymap.as_file(), OWN):
        keymap.use(written(tmp_path, text))
        first = keymap.as_file()
        keymap.use(written(tmp_path, first))
        assert keymap.as_file() == first


def test_each_place_is_somewhere_in_a_stack() -> None:
    """Conflicts are looked for in every place of the table, and the table itself has none that a file would be refused for."""
    assert {place for stack in keymap.stacks() for place in stack} == set(COMMANDS)
    for place, held in COMMANDS.items():
        names = [each.name for each in held]
        assert len(names) == len(set(names)), place
        assert all(name.isidentifier() for name in names), place


@pytest.mark.parametrize(
    ("typed", "named"),
    [("[", "left_square_bracket"), (",", "comma"), ("_", "underscore"), ("@", "at"), ("é", "é"), ("esc", "escape"), ("space", "space"),
     ("F", "F"), ("f12", "f12"), ("ctrl+shift+up", "ctrl+shift+up"), ("alt+x", "alt+x"), ("'", "apostrophe"), ("\\", "backslash")],
)  # fmt: skip
def test_a_key_is_written_as_it_is_typed(typed: str, named: str) -> None:
    """What Textual calls a key and what a person calls it lead to each other."""
    assert keymap.normal(typed) == named
    assert commands.written(named) == typed
    assert keymap.normal(named) == named


def test_sentences_name_commands_that_are_there() -> None:
    """Every command that a sentence names in braces is in the table, and no sentence names a key of the table in plain words."""
    known = {f"{place}.{each.name}" for place, held in COMMANDS.items() for each in held} | {
        each.name for held in COMMANDS.values() for each in held
    }
    plain = re.compile(
        r"(?<![\w{])([a-zA-Z?\[\]]|enter|space|esc|tab) (opens|shows|selects|quits|unlocks|clears|goes|asks|leaves|acknowledge)\b"
    )
    fixed = {
        f"views/{name}.py" for name in ("search", "name", "columns", "help", "typing", "moment", "view", "why")
    }  # keys of a text that is typed
    named = set()
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n" not in node.value:
                named |= set(re.findall(r"\{([a-z]+(?:\.[a-z_]+|_[a-z_]+)|lock|select|rows|back|move|again|acknowledge)\}", node.value))
                said = plain.search(node.value)
                spoken = not node.value.endswith(".") or "goes back" in node.value
                assert not said or str(path.relative_to(APP)) in fixed or not spoken, (path, node.value)
    assert named
    assert named <= known, named - known
    assert bound.said("{lock} and {nobody}") == "L and {nobody}"


def test_settings_come_from_option_environment_and_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In that order; what isn't there is refused with where it was set."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    for name in ("THEME", "READER", "KEYS"):
        monkeypatch.delenv(f"CONSOLE_{name}", raising=False)
    settings._file.cache_clear()
    themes = ("dark", "light")
    assert settings.chosen("theme", None, themes, "dark") == "dark"
    assert not settings.on("reader", None)
    assert settings.keys(None) is None
    (tmp_path / "console").mkdir()
    file = tmp_path / "console" / "console.toml"
    file.write_text('theme = "light"\nreader = true\nkeys = "mine.toml"\n', encoding="utf-8")
    settings._file.cache_clear()
    assert settings.chosen("theme", None, themes, "dark") == "light"
    assert settings.on("reader", None)
    assert settings.keys(None) == tmp_path / "console" / "mine.toml"
    monkeypatch.setenv("CONSOLE_THEME", "drak")
    monkeypatch.setenv("CONSOLE_READER", "no")
    assert not settings.on("reader", None)
    assert settings.on("reader", True)
    with pytest.raises(ValueError, match="CONSOLE_THEME: no theme 'drak': there is dark, light"):
        settings.chosen("theme", None, themes, "dark")
    assert settings.chosen("theme", "dark", themes, "dark") == "dark"
    monkeypatch.delenv("CONSOLE_THEME")
    file.write_text("colour = 7\n", encoding="utf-8")
    settings._file.cache_clear()
    with pytest.raises(ValueError, match="no setting 'colour'"):
        settings.chosen("theme", None, themes, "dark")
    file.unlink()
    (tmp_path / "console" / "keys.toml").write_text("", encoding="utf-8")
    settings._file.cache_clear()
    assert settings.keys(None) == tmp_path / "console" / "keys.toml"
    settings._file.cache_clear()


def test_the_command_line_takes_prints_and_refuses_keys(tmp_path: Path) -> None:
    """`console keys` prints the table in use; a bad file ends any start with its lines on standard error."""
    env = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path), "CONSOLE_THEME": ""}

    def run(*argv: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "console", *argv], env=env, cwd=APP.parents[1], capture_output=True, text=True)

    (tmp_path / "console").mkdir()
    (tmp_path / "console" / "keys.toml").write_text('[anywhere]\nlock = "K"\n', encoding="utf-8")
    assert 'lock = ["K"]  # Lock' in run("keys").stdout
    bad = written(tmp_path, "[anywhere]\nlock = 'ctrl+m'\nserch = 's'\n")
    done = run("--keys", str(bad), "--no-feed", "--data", str(tmp_path / "none.duckdb"))
    assert done.returncode == 2
    assert done.stderr.split("\n")[:2] == [
        f'console: {bad}:2: anywhere.lock: a terminal sends "ctrl+m" as enter',
        f"{bad}:3: anywhere.serch: no command (did you mean search?)",
    ]
    assert not done.stdout
    done = run("--theme", "lihgt", "keys")
    assert done.returncode == 2
    assert "--theme: no theme 'lihgt': there is dark, light, contrast" in done.stderr
    done = run("--keys", str(bad), "check")
    assert done.returncode == 1
    assert done.stdout == "2 faults\n"
