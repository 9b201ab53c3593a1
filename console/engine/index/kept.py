"""The index on disk beside the data file: a cache, mapped at the next start if the data is still what it was made of.

A folder of three files: the columns, their description, and the journal, which names the commit that the file was left at
and the keys touched since the columns were written. Whatever isn't as it should be makes the cache none.
"""

from __future__ import annotations

import errno
import hashlib
import mmap
import os
import secrets
import shutil
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import msgspec
import numpy as np

from console import __version__, files
from console.engine.apps import AppPlan
from console.engine.index.needs import needs
from console.engine.index.written import Plain, Writing, read
from console.engine.model import Model
from console.store import sql
from console.store.database import NOTED, Cursor

Array = np.ndarray[Any, Any]
FORMAT = 1
CHUNK = 1 << 24  # bytes written, or checked, at once
ALIGNED = 64
SHARE = 0.25  # of the room left on the disk, at most

DESCRIPTION, JOURNAL = "description", "journal"
Told = TypeVar("Told")


class Spoiled(Exception):
    """What is on disk isn't what was written there."""


class Description(msgspec.Struct, frozen=True):
    """What the file of columns holds: arrays as (type, shape, place in bytes), a checksum a chunk, and what they are parts of."""

    digest: str
    name: str
    bytes: int
    checks: list[int]
    arrays: list[tuple[str, tuple[int, ...], int]]
    objects: list[tuple[str, dict[str, Plain]]]
    held: Plain


class Journal(msgspec.Struct, frozen=True):
    """Which columns it continues, the mark of the commit that the data file was left at, the keys touched in between by fact."""

    name: str
    stamp: str
    touched: dict[str, list[str]]


@dataclass(frozen=True)
class Found:
    """A cache that fits the data: what was kept, the keys touched since, and the checks that are still to be made of it."""

    held: Mapping[str, Any]
    touched: Mapping[str, frozenset[str]]
    checks: Iterator[bool]


class Kept:
    """The cache of one data file for one model and its apps. Touched keys may come from any thread, all else from one at a time."""

    def __init__(self, data: Path, digest: str) -> None:
        """Keep what is made of a data file, under a digest of all else that it is made of."""
        self.folder = data.with_name(f"{data.name}.index")
        self._digest = digest
        self._lock = threading.Lock()
        self._name = ""  # of the columns that a journal would continue
        self._since: dict[str, set[str]] | None = None  # touched since these were written
        self._meanwhile: dict[str, set[str]] | None = None  # since others are being written

    @property
    def late(self) -> int:
        """How many keys were touched since the columns were written."""
        with self._lock:
            return sum(map(len, (self._since or {}).values()))

    def touch(self, told: Mapping[str, frozenset[str] | None]) -> None:
        """Note what was touched. Where it isn't said which keys, what was written before is of no use any more."""
        with self._lock:
            if any(keys is None for keys in told.values()) or sum(map(len, (self._since or {}).values())) > NOTED:
                self._name, self._since, self._meanwhile = "", None, None
            for each in (self._since, self._meanwhile):
                if each is not None:
                    for fact, keys in told.items():
                        each.setdefault(fact, set()).update(keys or ())

    def find(self, stamp: str) -> Found | None:
        """Return what was kept of the file as that commit left it, mapped; None if there is none that is whole."""
        try:
            if self.folder.stat().st_uid != os.getuid():
                raise Spoiled("of another user")
            told = _opened(self.folder / JOURNAL, Journal)
            described = _opened(self.folder / DESCRIPTION, Description)
            if (told.stamp, told.name, self._digest) != (stamp, described.name, described.digest):
                return None
            path = self.folder / described.name
            mapped = _mapped(path, described.bytes)
            arrays = [np.ndarray(shape, kind, mapped, place) for kind, shape, place in described.arrays]
            held = read(arrays, described.objects, described.held)
        except (OSError, Spoiled, ValueError, KeyError, TypeError):
            self.drop()
            return None
        touched = {fact: frozenset(keys) for fact, keys in told.touched.items()}
        self._name, self._since = described.name, {fact: set(keys) for fact, keys in touched.items()}
        return Found(held, touched, _checked(path, described.checks))

    def begin(self, touched: Mapping[str, frozenset[str] | None]) -> None:
        """Note what will be touched beside these keys, which aren't yet in what is to be saved."""
        with self._lock:
            self._meanwhile = {}
        self.touch(touched)

    def save(self, held: Mapping[str, Any], going_on: Callable[[], bool]) -> Iterator[None]:
        """Write what is held since it was begun in place of what was kept; it isn't to change before the first step is done.

        The steps after that put it on the disk, a little each. What was kept stays if `going_on` ceases to hold; nothing does if the
        disk is short of room or a value is of no kind that is kept.
        """
        name = f"columns-{secrets.token_hex(8)}"
        try:
            writing = Writing()
            root = writing.plain(dict(held))
            self.folder.mkdir(mode=0o700, exist_ok=True)
            self._sweep(self._name, DESCRIPTION, JOURNAL)
            if sum(each.nbytes for each in writing.arrays) > SHARE * shutil.disk_usage(self.folder).free:
                raise OSError(errno.ENOSPC, "no room")
            with _new(self.folder / name) as file:
                places, checks, size = _columns(file, writing.arrays, going_on)
                arrays = [(each.dtype.str, each.shape, place) for each, place in zip(writing.arrays, places, strict=True)]
                yield from _settled(file, size, going_on)
            _close(self.folder / DESCRIPTION, Description(self._digest, name, size, checks, arrays, writing.objects, root))
        except InterruptedError:
            return
        except (OSError, TypeError):
            self.drop()
            return
        with self._lock:
            self._name = name if self._meanwhile is not None else ""
            self._since, self._meanwhile = self._meanwhile, None
        self._sweep(name, DESCRIPTION)

    def leave(self, stamp: str) -> None:
        """Write the journal: the data file is left at that commit, and all that was touched since the columns were written is noted."""
        if self._name and self._since is not None:
            try:
                _close(self.folder / JOURNAL, Journal(self._name, stamp, {fact: sorted(keys) for fact, keys in self._since.items()}))
            except OSError:
                self.drop()

    def drop(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._name, self._since, self._meanwhile = "", None, None
        self._sweep()
        with suppress(OSError):
            self.folder.rmdir()

    def _sweep(self, *keep: str) -> None:
        with suppress(OSError):
            for path in sorted(self.folder.iterdir()):
                if path.name not in keep:
                    path.unlink()


def digest(cursor: Cursor, model: Model, apps: Mapping[str, AppPlan]) -> str:
    """Return a digest of all but the data that an index is made of: the model, what apps need, the program, its SQL, its tables."""
    asked = {name: needs(model, apps, name) for name in model.facts}
    told = hashlib.sha256(msgspec.json.encode((FORMAT, __version__, np.__version__, model, asked), order="deterministic"))
    told.update(repr(sql.rows(cursor, "engine/index/made_of")).encode())
    folder = files.queries()
    for path in (*(folder / "schema").glob("*.sql"), *(folder / "engine" / "index").glob("*.sql"), *Path(__file__).parent.glob("*.py")):
        told.update(hashlib.sha256(path.name.encode() + path.read_bytes()).digest())
    return told.hexdigest()


def _columns(file: BinaryIO, arrays: list[Array], going_on: Callable[[], bool]) -> tuple[list[int], list[int], int]:
    """Write arrays one after the other; return their places, the checksum of each chunk, and the bytes in all."""
    places, checks, place, check = [], [], 0, 0

    def write(some: memoryview) -> None:
        nonlocal place, check
        while len(some):
            room = CHUNK - place % CHUNK
            part, some = some[:room], some[room:]
            file.write(part)
            place, check = place + len(part), zlib.crc32(part, check)
            if place % CHUNK == 0:
                checks.append(check)
                check = 0
                if not going_on():
                    raise InterruptedError

    for each in arrays:
        write(memoryview(bytes(-place % ALIGNED)))
        places.append(place)
        if each.nbytes:
            write(np.ascontiguousarray(each).data.cast("B"))
    write(memoryview(bytes(ALIGNED)))
    return places, [*checks, check], place


def _checked(path: Path, checks: list[int]) -> Iterator[bool]:
    """Yield whether each chunk of the file is what was written."""
    with path.open("rb", buffering=0) as file:
        for check in checks:
            try:
                yield zlib.crc32(file.read(CHUNK)) == check
            except OSError:
                yield False


def _mapped(path: Path, size: int) -> mmap.mmap:
    """Return the file's bytes in memory, where changes stay ours alone."""
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size != size:
            raise Spoiled(path.name)
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)


@contextmanager
def _new(path: Path) -> Iterator[BinaryIO]:
    """Open a new file of ours for writing."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _settled(file: BinaryIO, size: int, going_on: Callable[[], bool]) -> Iterator[None]:
    """Put what was written on the disk, so much at a step that nobody who leaves waits for it long."""
    file.flush()
    with mmap.mmap(file.fileno(), size) as mapped:
        for start in range(0, size, CHUNK):
            yield
            if not going_on():
                raise InterruptedError
            mapped.flush(start, min(CHUNK, size - start))


def _close(path: Path, told: Description | Journal) -> None:
    """Write a small file at once and whole, over what was there."""
    body = msgspec.msgpack.encode(told)
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    with _new(beside) as file:
        file.write(hashlib.sha256(body).digest() + body)
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _opened(path: Path, kind: type[Told]) -> Told:
    """Return what a small file holds. Raises Spoiled, or OSError if there is none."""
    told = path.read_bytes()
    if hashlib.sha256(told[32:]).digest() != told[:32]:
        raise Spoiled(path.name)
    try:
        return msgspec.msgpack.decode(told[32:], type=kind)
    except msgspec.MsgspecError as error:
        raise Spoiled(path.name) from error
