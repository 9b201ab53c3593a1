"""A host as docs/hub.md sets it up: a hub, a real sshd with the page's block, and an operator who logs in with a key."""

from __future__ import annotations

import grp
import os
import pwd
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.programs import program
from tests.ssh.page import block
from tests.terminal.screen import Terminal

ROOT = Path(__file__).resolve().parents[2]
ACCEPTS = "LANG LC_* TERM_PROGRAM LINES COLUMNS TEXTUAL TEXTUAL_* PYTHON* CONSOLE_* XDG_* NO_COLOR PAGER EDITOR VISUAL LOGNAME TERMINFO*"
UNKNOWN, MADE = "/dev/null", "console"


@dataclass
class Host:
    """The host: where its files are, who may log in, and on which port."""

    folder: Path
    user: str
    group: str
    port: int = 0
    sshd: int = 0
    python: Path = Path(sys.executable)
    seen: set[tuple[int, str]] = field(default_factory=set)  # processes of sessions, each with its start

    @property
    def reports(self) -> Path:
        """The letter box of reports."""
        return self.folder / "reports"

    @property
    def names(self) -> dict[str, str]:
        """What stands here for the page's paths."""
        return {
            "/opt/console/bin/python": str(self.python),
            "/run/console/hub.sock": str(self.folder / "hub.sock"),
            "/var/lib/console/console.duckdb": str(self.folder / "console.duckdb"),
        }

    @property
    def hub_command(self) -> list[str]:
        """The unit's ExecStart."""
        (line,) = re.findall(r"^ExecStart=(.*)$", block("unit", self.names), re.MULTILINE)
        return shlex.split(line)

    def ssh(
        self, *command: str, tty: bool = True, more: Mapping[str, str] | None = None, port: int = 0, also: Sequence[str] = ()
    ) -> list[str]:
        """Return the command that logs in and asks for a command, sending variables along."""
        options = {
            "IdentityFile": self.folder / "key", "IdentitiesOnly": "yes", "StrictHostKeyChecking": "no", "UserKnownHostsFile": UNKNOWN,
            "LogLevel": "ERROR", "Port": port or self.port, "BatchMode": "yes", "ServerAliveInterval": 0,
        }  # fmt: skip
        made = [program("ssh", "openssh-client"), "-F", UNKNOWN, "-tt" if tty else "-T"]
        made += [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
        if more:
            made += ["-o", "SetEnv=" + " ".join(f"{name}={value}" for name, value in more.items())]
        return [*made, *also, f"{self.user}@127.0.0.1", *command]

    def client(self, term: str = "xterm-256color") -> dict[str, str]:
        """Return the environment of who logs in."""
        return {"PATH": os.environ["PATH"], "TERM": term, "LANG": "C.UTF-8", "HOME": str(self.folder)}

    def terminal(self, rows: int = 24, columns: int = 80, term: str = "xterm-256color", **how: Any) -> Terminal:
        """Log in from a terminal of some size."""
        return Terminal(self.ssh(*how.pop("command", ()), **how), self.client(term), rows, columns)

    def console(self) -> Path:
        """Return where the system tells of the newest console behind a login."""
        return Path(f"/proc/{[pid for pid, _, command in self.sessions() if ' -m console ' in command][-1]}")

    def sessions(self) -> list[tuple[int, str, str]]:
        """Return the processes of sessions that there are or were: number, start, and command, "" for one that has ended."""
        children: dict[int, list[int]] = {}
        held: dict[int, tuple[str, str]] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    stat = (entry / "stat").read_text().rpartition(")")[2].split()
                    command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
                except OSError:
                    continue
                if stat[0] != "Z":
                    held[int(entry.name)] = stat[19], command
                    children.setdefault(int(stat[1]), []).append(int(entry.name))
        todo = [*children.get(self.sshd, ())]
        while todo:
            pid = todo.pop()
            self.seen.add((pid, held[pid][0]))
            todo += children.get(pid, ())
        return [(pid, start, held[pid][1] if pid in held and held[pid][0] == start else "") for pid, start in sorted(self.seen)]

    def left(self, like: str = "") -> list[str]:
        """Return the commands, of those that are alike, of what runs of any session."""
        return [command for _, _, command in self.sessions() if command and like in command]

    def empty(self, within: float, like: str = "") -> bool:
        """Return whether nothing of any session, or nothing like that, remains after so many seconds at most."""
        end = time.monotonic() + within
        while self.left(like) and time.monotonic() < end:
            time.sleep(0.1)
        return not self.left(like)


def _operator() -> tuple[str, str]:
    """Return a user to log in as, and their group: one made for the test by root, who else is who runs it."""
    me = pwd.getpwuid(os.getuid())
    if os.getuid() or _interpreter("nobody") is None:
        return me.pw_name, grp.getgrgid(me.pw_gid).gr_name
    name = f"{MADE}{os.getpid()}"
    made = subprocess.run([program("useradd", "passwd"), "-m", "-U", "-s", "/bin/sh", "-p", "*", name], capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    return name, name


def _interpreter(user: str) -> str | None:
    """Return a Python of this version that a user can run, with this checkout: root's own may be root's alone."""
    asked = f"import sys, os; sys.exit(sys.version_info[:2] != {sys.version_info[:2]} or not os.access({str(ROOT)!r}, os.R_OK | os.X_OK))"
    for python in dict.fromkeys((sys.executable, "/usr/bin/python3")):
        try:
            done = subprocess.run(
                [python, "-I", "-c", asked], user=user if os.getuid() == 0 else None, cwd="/", env={}, capture_output=True
            )
        except OSError:
            continue
        if done.returncode == 0:
            return python
    return None


def _python(folder: Path, user: str) -> Path:
    """Return a Python that has the console whatever its environment, as one that it was installed into."""
    made, base = folder / "venv", Path(_interpreter(user) or sys.executable)
    packages = made / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    packages.mkdir(parents=True)
    (made / "bin").mkdir()
    real = base.resolve()
    (made / "bin" / "python").symlink_to(real)
    (made / "pyvenv.cfg").write_text(f"home = {real.parent}\ninclude-system-site-packages = false\n")
    (packages / "console.pth").write_text("\n".join([str(ROOT), *(path for path in sys.path if path.endswith("-packages"))]) + "\n")
    return made / "bin" / "python"


def _free() -> int:
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return int(any_port.getsockname()[1])


@contextmanager
def host(data: Path | None = None) -> Iterator[Host]:
    """Set up the host, with a copy of a data file, else with two days of history, and take it down again."""
    sshd, keygen = program("sshd", "openssh-server"), program("ssh-keygen", "openssh-client")
    folder = Path(tempfile.mkdtemp(prefix="console-ssh-"))
    folder.chmod(0o755)
    held = Host(folder, *_operator())
    running: list[subprocess.Popen[bytes]] = []
    try:
        for name in ("host", "key"):
            subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
        shutil.copy(folder / "key.pub", folder / "authorized")
        for path in ("authorized", "key.pub"):
            (folder / path).chmod(0o644)
        held.reports.mkdir()
        held.reports.chmod(0o1733)
        held.python = _python(folder, held.user)
        env = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
        if data is not None:
            shutil.copy(data, folder / "console.duckdb")
        else:
            init = [str(held.python), "-I", "-m", "console", "init", "--data", str(folder / "console.duckdb"), "--days", "2"]
            subprocess.run(init, check=True, env=env, cwd=folder, capture_output=True)
        log = (folder / "log").open("wb")
        running.append(subprocess.Popen(held.hub_command, env=env, cwd=folder, stdout=log, stderr=log, group=_as(held)))
        _until(lambda: b" ready: " in (folder / "log").read_bytes(), folder)
        names = {old: new for old, new in held.names.items() if old != "/var/lib/console/console.duckdb"}
        names |= {"/var/log/console": str(held.reports), "Match Group console": f"Match Group {held.group}"}
        held.port = _free()
        config = folder / "sshd_config"
        lines = (
            f"Port {held.port}", "ListenAddress 127.0.0.1", f"HostKey {folder / 'host'}", f"PidFile {folder / 'sshd.pid'}",
            f"AuthorizedKeysFile {folder / 'authorized'}", "StrictModes no", "UsePAM no", "PasswordAuthentication no",
            "PermitRootLogin yes", "Subsystem sftp internal-sftp", f"AcceptEnv {ACCEPTS}", "PermitUserEnvironment no", block("sshd", names),
        )  # fmt: skip
        config.write_text("\n".join(lines))
        if os.getuid() == 0:
            Path("/run/sshd").mkdir(exist_ok=True)
        checked = subprocess.run([sshd, "-t", "-f", str(config)], capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr
        running.append(subprocess.Popen([sshd, "-D", "-e", "-f", str(config)], stdout=log, stderr=log, env=env))
        held.sshd = running[-1].pid
        _until(lambda: _listens(held.port), folder)
        yield held
    finally:
        for pid, _, command in held.sessions():
            if command:
                os.kill(pid, signal.SIGKILL)
        for each in reversed(running):
            each.terminate()
            each.wait(20)
        if held.user.startswith(MADE) and os.getuid() == 0:
            subprocess.run([program("userdel", "passwd"), "-f", "-r", held.user], capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def _as(held: Host) -> str | None:
    """Return the group that the hub is of: the operator's, as the page has it."""
    return held.group if os.getuid() == 0 else None


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def _until(holds: Callable[[], bool], folder: Path) -> None:
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end, (folder / "log").read_text()
        time.sleep(0.1)
