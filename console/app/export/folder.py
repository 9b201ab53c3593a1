"""The folder that files are exported into: a name nobody has yet, its owner's alone, and a whole file or none."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from datetime import datetime
from pathlib import Path
from typing import IO

ABOUT = ".about.json"
_NAMING = re.compile(r"[^A-Za-z0-9_-]+")


def stem(app: str, what: str, as_of: datetime) -> str:
    """Return what a file is called: its app, what of it, and as of when (UTC), such as `control-queue-20261123T214000Z`."""
    said = "-".join(_NAMING.sub("-", part).strip("-") for part in (app, what) if part)
    return f"{said[:80]}-{as_of:%Y%m%dT%H%M%SZ}"


class Draft:
    """A file being written under another name beside its own; `keep` gives it its own, `drop` leaves nothing of it."""

    def __init__(self, folder: Path, name: str, suffix: str) -> None:
        """Begin a file in a folder, which is made if need be. Raises OSError."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder, self.name, self.suffix = folder, name, suffix
        self.path = folder / f".{name}-{secrets.token_hex(4)}.part"
        os.close(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))

    def open(self) -> IO[str]:
        """Return it open to write text into; no newline is turned into another."""
        return self.path.open("w", encoding="utf-8", newline="")

    def keep(self, about: str = "") -> Path:
        """Give the file its name, with what it is in a file beside it if told that; return its path. Raises OSError."""
        _settle(self.path)
        beside = _beside(self, about) if about else None
        own, other = self._named(beside is not None)
        try:
            if beside is not None:
                os.replace(beside.path, other)
            os.replace(self.path, own)
        except BaseException:
            for path in (own, other) if beside else (own,):
                path.unlink(missing_ok=True)
            if beside is not None:
                beside.drop()
            raise
        return own

    def _named(self, two: bool) -> tuple[Path, Path]:
        """Take the first free name, and return it with that of the file beside it."""
        for n in range(1, 10_000):
            name = self.folder / (self.name + (f"-{n}" if n > 1 else ""))
            own, other = Path(f"{name}{self.suffix}"), Path(f"{name}{ABOUT}")
            if not (two and other.exists()) and _taken(own):
                return own, other
        raise FileExistsError(f"{self.name}{self.suffix} is there ten thousand times")

    def drop(self) -> None:
        """Leave nothing of it."""
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)


def write(folder: Path, name: str, suffix: str, text: str) -> Path:
    """Write a text into a new file, and return its path; nothing is left of it otherwise. Raises OSError."""
    draft = Draft(folder, name, suffix)
    try:
        with draft.open() as out:
            out.write(text)
        return draft.keep()
    except BaseException:
        draft.drop()
        raise


def _beside(of: Draft, about: str) -> Draft:
    """Return what a file is, written under another name yet."""
    made = Draft(of.folder, of.name, ABOUT)
    try:
        with made.open() as out:
            out.write(about)
        _settle(made.path)
    except BaseException:
        made.drop()
        raise
    return made


def _taken(path: Path) -> bool:
    """Take a name, empty, if nobody has it."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return False
    return True


def _settle(path: Path) -> None:
    """Have a file's bytes on the disk, where it is found out whether there is room for them."""
    with path.open("rb+") as held:
        os.fsync(held.fileno())


def refused(folder: Path, error: Exception) -> str:
    """Return in a line why nothing could be written to a folder."""
    said = error.strerror if isinstance(error, OSError) else ""
    said = said or next(iter(str(error).strip().splitlines()), type(error).__name__)
    return f"not exported, nothing is left of it: {folder}: {said}"
