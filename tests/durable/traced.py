"""What a program does to the files of a folder, call by call, as strace saw it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

CALLS = (
    "openat,write,pwrite64,writev,pwritev,pwritev2,fsync,fdatasync,sync_file_range,msync,rename,renameat,renameat2,link,linkat,"
    "unlink,unlinkat,ftruncate,truncate,fallocate,lseek,sendfile,copy_file_range,splice"
)
_LINE = re.compile(r"(?P<pid>\d+) +(?P<rest>.*)")
_CALL = re.compile(r"(?P<name>\w+)\((?P<told>.*)\) += (?P<given>-?\d+)(?:<(?P<path>[^>]*)>)?.*", re.DOTALL)
_ON = re.compile(r"(?P<fd>\d+)<(?P<path>[^>]*)>")
_TEXT = re.compile(r'"([^"]*)"')


@dataclass(frozen=True, slots=True)
class Step:
    """One call: its name, the file (or its new name), bytes and place where it writes, the calls before it that it can't have seen."""

    name: str
    path: str
    place: int = 0
    body: bytes = b""
    other: str = ""
    since: int = 0


def trace(script: str, folder: Path, *words: str) -> list[Step]:
    """Run a Python script with these words; return what it did in the folder, and each line that it wrote to its output as `say`."""
    strace = shutil.which("strace")
    assert strace, "these tests need strace: apt-get install strace"
    out = folder.with_name(f"{folder.name}.strace")
    command = [strace, "-f", "-y", "-xx", "-s", str(1 << 26), "--seccomp-bpf", "-e", f"trace={CALLS}", "-o", str(out)]
    done = subprocess.run([*command, sys.executable, "-c", script, *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    steps = _steps(out, str(folder))
    out.unlink()
    return steps


def _steps(out: Path, folder: str) -> list[Step]:
    steps: list[Step] = []
    begun: dict[str, tuple[str, int]] = {}
    places: dict[tuple[str, str], int] = {}
    with out.open(encoding="ascii") as lines:
        for line in lines:
            found = _LINE.fullmatch(line.rstrip("\n"))
            if found is None:
                continue
            pid, rest = found["pid"], found["rest"]
            since = len(steps)
            if rest.endswith("<unfinished ...>"):
                begun[pid] = (rest.removesuffix("<unfinished ...>"), since)
                continue
            if rest.startswith("<... "):
                first, since = begun.pop(pid, ("", 0))
                rest = first + rest.partition("resumed>")[2]
            call = _CALL.fullmatch(rest)
            if call and int(call["given"]) >= 0:
                steps += _step(call, folder, places, since)
    return steps


def _step(call: re.Match[str], folder: str, places: dict[tuple[str, str], int], since: int) -> list[Step]:
    name, told, given = call["name"], call["told"], int(call["given"])
    on = _ON.match(told)
    path = _plain(on["path"]) if on else ""
    texts = [bytes.fromhex(text.replace("\\x", "")) for text in _TEXT.findall(told)]
    if name == "write" and on and on["fd"] == "1":
        return [Step("say", "", body=texts[0])]
    if name == "openat":
        path = _plain(call["path"] or "")
        places.pop((path, str(given)), None)
        flags = told.rpartition('", ')[2]
        return [Step("open", path, place="O_TRUNC" in flags)] if path.startswith(folder) and "O_CREAT" in flags else []
    if name in ("rename", "renameat", "renameat2", "link", "linkat"):
        old, new = (text.decode() for text in texts)
        return [Step(name.removesuffix("at").removesuffix("at2"), new, other=old)] if new.startswith(folder) else []
    if name in ("unlink", "unlinkat"):
        gone = texts[0].decode()
        return [Step("unlink", gone)] if gone.startswith(folder) else []
    if not path.startswith(folder) or path.endswith("(deleted)"):
        return []
    key = (path, on["fd"] if on else "")
    if name == "lseek":
        places[key] = given
        return []
    if name in ("fsync", "fdatasync"):
        return [Step("sync", path, since=since)]
    if name == "pwrite64":
        return [Step("write", path, int(told.rpartition(", ")[2]), texts[0])]
    if name == "write":
        place = -1 if path.endswith(".wal") else places.get(key, 0)
        places[key] = places.get(key, 0) + given
        return [Step("write", path, place, texts[0][:given])]
    if name == "ftruncate":
        return [Step("cut", path, int(told.rpartition(", ")[2]))]
    raise AssertionError(f"a call that isn't modelled: {name}({told[:200]})")


def _plain(path: str) -> str:
    """Return a path that strace may have written in hexadecimal."""
    return bytes.fromhex(path.replace("\\x", "")).decode() if "\\x" in path else path
