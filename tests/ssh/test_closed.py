"""A served screen is no way to a shell, a file or the network, whatever its user, its terminal or its client sends along."""

from __future__ import annotations

import os
import re
import subprocess
import time
from pathlib import Path

import pytest
from ptyprocess import PtyProcess

from tests.programs import program
from tests.ssh.host import Host
from tests.terminal.screen import Terminal

ALLOWED = {"TERM", "LANG", "LC_CTYPE"}  # C.UTF-8 is what Python itself sets
TERMS = (
    "xterm-256color",
    "../../../../etc/passwd",
    "xterm$(touch {made})",
    '";touch {made};"',
    "dumb",
    "x" * 4000,
    "",
)
COMMANDS = (
    "$(touch {made}); id",
    " --data {made} init --days 1",
    " --select area=@/etc/passwd --keys /etc/passwd --exports {made}",
    "/bin/sh -i",
)
ODD = (
    "\x1a",
    "\x1c",
    "\x10",
    "\x0f",
    "\x13",
    "!",
    ":",
    "|",
    "\x1bOP",
    "\x1b[15~",
    "\x1b[24~",
    "\x1b!",
    "\x1bx",
    "\x1b[27;5;122~",
    "\x1b[122;5u",
)
ANSWERS = (
    "\x1b]52;c;bHM=\x07",
    "\x1b]8;;file:///etc/passwd\x1b\\",
    "\x1bP1$r0m\x1b\\",
    "\x1b[>0;276;0c",
    "\x1b_Gi=1;OK\x1b\\",
    "\x1b[?2026;2$y",
)


@pytest.fixture
def made(at: Host) -> Path:
    """A place where anybody can make files, and nobody is to."""
    folder = at.folder / "made"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o777)
    return folder


def opened(terminal: Terminal) -> None:
    """Wait for the first page."""
    terminal.wait(lambda text: re.search(r"\d+ of \d+ open shown", text) is not None, 60)


def environment(at: Host) -> dict[str, str]:
    """Return the environment that the console behind a login was started with."""
    held = (at.console() / "environ").read_bytes().decode(errors="replace").split("\0")
    return dict(line.split("=", 1) for line in held if "=" in line)


def hostile(made: Path) -> dict[str, str]:
    """Return variables each of which would do something somewhere."""
    (made / "sitecustomize.py").write_text(f"open({str(made / 'ran')!r}, 'w')\n")
    (made / "console.toml").write_text("profile = 'ascii'\nreader = true\n")
    (made / "console").mkdir(exist_ok=True)
    (made / "console" / "console.toml").write_text("reader = true\n")
    return {
        "TEXTUAL_DRIVER": "sitecustomize:Driver", "TEXTUAL": "devtools,debug", "TEXTUAL_LOG": str(made / "log"), "TEXTUAL_SCREENSHOT": "1",
        "TEXTUAL_SCREENSHOT_LOCATION": str(made), "TEXTUAL_PRESS": "e,s", "TEXTUAL_ALLOW_SIGNALS": "1", "PYTHONPATH": str(made),
        "PYTHONSTARTUP": str(made / "sitecustomize.py"), "PYTHONINSPECT": "1", "PYTHONHOME": str(made), "PYTHONBREAKPOINT": "os.abort",
        "CONSOLE_KEYS": "/etc/passwd", "CONSOLE_DATA": str(made / "x.duckdb"), "CONSOLE_HUB": str(made / "hub"), "CONSOLE_READER": "1",
        "XDG_CONFIG_HOME": str(made), "XDG_STATE_HOME": str(made), "XDG_DATA_HOME": str(made), "TERMINFO": str(made),
        "PAGER": f"touch\\ {made}/paged", "EDITOR": "vi", "LINES": "9", "COLUMNS": "30", "LANG": "../../x", "LC_ALL": "/etc/passwd",
        "NO_COLOR": "1", "LOGNAME": "root",
    }  # fmt: skip


def untouched(made: Path) -> bool:
    """Return whether nothing was made there but by the test."""
    return {path.name for path in made.iterdir()} <= {"sitecustomize.py", "console.toml", "console"}


def test_variables_have_no_effect(at: Host, made: Path) -> None:
    """Of all that an sshd which accepts far too much lets through, nothing reaches the console."""
    with at.terminal(more=hostile(made)) as terminal:
        opened(terminal)
        assert len(terminal.text.split("\n")[0].strip()) > 60
        assert set(environment(at)) <= ALLOWED
        assert environment(at)["LANG"] == "C.UTF-8"
        terminal.press("q")
        assert terminal.finish() == 0
    assert untouched(made)


@pytest.mark.parametrize("term", TERMS, ids=lambda term: repr(term[:24]))
def test_any_kind_of_terminal(at: Host, made: Path, term: str) -> None:
    """A name of a terminal is a name: no path, no command, and drawn on as xterm is where it isn't known."""
    with at.terminal(term=term.format(made=made / "x")) as terminal:
        opened(terminal)
        terminal.press("q")
        assert terminal.finish() == 0
    assert untouched(made)


def test_no_command_is_looked_at(at: Host, made: Path) -> None:
    """Whatever is asked for, with a terminal it is the screens; the console knows nothing of it."""
    for command in COMMANDS:
        with at.terminal(command=(command.format(made=made / "x"),)) as terminal:
            opened(terminal)
            assert "SSH_ORIGINAL_COMMAND" not in environment(at)
            assert command.split()[0].format(made=made / "x") not in (at.console() / "cmdline").read_text().partition("--served")[2].split(
                "\0"
            )
            terminal.press("q")
            assert terminal.finish() == 0
    assert untouched(made)


def test_without_a_terminal_there_is_nothing(at: Host, made: Path) -> None:
    """No command, no sftp, no scp: one sentence."""
    for command in ("id", "sh -i", ""):
        done = subprocess.run(at.ssh(*command.split(), tty=False), env=at.client(), input=b"id\n", capture_output=True, timeout=60)
        assert done.returncode == 1
        assert done.stdout == b""
        assert done.stderr == b"console: a served screen needs a terminal: ssh -t asks for one\n"
    asked = at.ssh(tty=False)
    options = [*asked[1:3], *asked[4:-1]]
    sftp = [program("sftp", "openssh-client"), *options, "-b", "-", asked[-1]]
    scp = [program("scp", "openssh-client"), *options, str(at.folder / "key.pub"), f"{asked[-1]}:{made / 'x'}"]
    for copying in (sftp, scp):
        done = subprocess.run(
            copying, env=at.client(), input=f"put {at.folder / 'key.pub'} {made}/x\n".encode(), capture_output=True, timeout=60
        )
        assert done.returncode != 0
    assert untouched(made)


def test_nothing_is_forwarded(at: Host) -> None:
    """No port here or there, no socket, no agent, no display."""
    through = subprocess.run(at.ssh(tty=False, also=("-W", f"127.0.0.1:{at.port}")), env=at.client(), capture_output=True, timeout=60)
    assert through.returncode != 0
    assert not through.stdout
    strict = ("-o", "ExitOnForwardFailure=yes", "-N")
    for way in (("-R", "0:127.0.0.1:22"), ("-R", f"{at.folder / 'made' / 'back'}:127.0.0.1:22")):
        done = subprocess.run(at.ssh(tty=False, also=(*strict, *way)), env=at.client(), capture_output=True, timeout=60)
        assert done.returncode != 0
    with at.terminal(also=("-A", "-X")) as terminal:
        opened(terminal)
        assert not {"SSH_AUTH_SOCK", "DISPLAY"} & set(environment(at))
        terminal.press("q")
        assert terminal.finish() == 0


def test_no_key_leads_out(at: Host, made: Path) -> None:
    """Keys that suspend, quit or open something elsewhere, and answers that no terminal was asked for: the process goes on, alone."""
    with at.terminal(24, 80) as terminal:
        opened(terminal)
        before = at.left()
        for odd in (*ODD, *ANSWERS):
            terminal.press(odd)
            terminal.press("\x1b")
        time.sleep(0.5)
        assert at.left() == before
        assert (at.console() / "stat").read_text().rpartition(")")[2].split()[0] in "SRD"
        terminal.press("e")
        terminal.wait("exporting is switched off")
        terminal.press("\x1b[200~area=@/etc/passwd\x1b[201~")
        terminal.wait("no file is read here")
        terminal.press("\x1b[200~--select 'area=@/etc/shadow' --keys /etc/passwd\x1b[201~")
        terminal.wait(lambda text: "is no part of a selection" in " ".join(text.split()))
        terminal.press("q")
        assert terminal.finish() == 0
    assert at.empty(10), at.left()
    assert untouched(made)


def test_a_window_of_any_size(at: Host) -> None:
    """A client that says its window has four thousand million cells costs the host no more than a large one."""
    spawned = PtyProcess.spawn(at.ssh(), env=at.client(), dimensions=(65535, 65535))
    try:
        end = time.monotonic() + 60
        while b"OFFICIAL" not in spawned.read(65536):
            assert time.monotonic() < end
        resident = re.search(r"VmRSS:\s+(\d+) kB", (at.console() / "status").read_text())
        assert resident
        assert int(resident[1]) < 600_000
    finally:
        spawned.close(force=True)
    assert at.empty(15), at.left()


def test_the_unit_is_sound(at: Host, tmp_path: Path) -> None:
    """The service that the page has is one to systemd, and what it starts is what serves these tests."""
    from tests.ssh.page import block

    unit = tmp_path / "console-hub.service"
    unit.write_text(block("unit", {"/opt/console/bin/python": str(at.python)}))
    done = subprocess.run(
        [program("systemd-analyze", "systemd"), "verify", str(unit)], capture_output=True, text=True, env={**os.environ, "LANG": "C"}
    )
    assert (done.returncode, [line for line in done.stderr.splitlines() if "console-hub" in line]) == (0, [])
    assert at.hub_command[:4] == [str(at.python), "-I", "-m", "console"]
