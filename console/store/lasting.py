"""What is done beside the database so that what was said to be stored is found again, or missed.

Three things it doesn't do itself. A log that is new to its folder is put on the disk with the folder before the commit in it is
told. The blocks that a checkpoint writes over, those of metadata, are kept aside while it lasts, for a power cut in the midst of
it. And a mark beside the file says what was committed last: its version, and the length and checksum of the log up to it.
"""

from __future__ import annotations

import fcntl
import os
import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from console.store import blocks, log

CHUNK = 1 << 20
_MARK = struct.Struct("<8sQQI")
_SIGN, _KEPT = b"console1", b"console2"


@dataclass(frozen=True, slots=True)
class Mark:
    """What was committed last: its data version, and how many bytes of the log, of which checksum, hold what the file doesn't."""

    version: int
    bytes: int
    check: int


def mark_beside(data: Path) -> Path:
    """Return where a data file's mark is."""
    return data.with_name(f"{data.name}.mark")


def kept_beside(data: Path) -> Path:
    """Return where the blocks are that a checkpoint writes over."""
    return data.with_name(f"{data.name}.before")


def last_mark(data: Path) -> Mark | None:
    """Return the mark beside a data file, None if there is none that is whole."""
    try:
        told = mark_beside(data).read_bytes()
    except OSError:
        return None
    if len(told) != _MARK.size + 4 or zlib.crc32(told[:-4]) != int.from_bytes(told[-4:], "little"):
        return None
    sign, version, length, check = _MARK.unpack(told[:-4])
    return Mark(version, length, check) if sign == _SIGN else None


def settle(folder: Path) -> None:
    """Put on the disk which files a folder holds."""
    held = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)


def give_name(new: Path, path: Path) -> None:
    """Give a file its name, for good; raises FileExistsError if another has it."""
    try:
        os.link(new, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links
        if path.exists():
            raise FileExistsError(path) from None
        os.rename(new, path)
    settle(path.parent)


class Lasting:
    """Watches over one open data file. Its own hold on the file ends with `close`, which comes after the database's."""

    def __init__(self, data: Path) -> None:
        """Take hold of a file, before the database does. Raises OSError; BlockingIOError if another process has it."""
        self.data = data
        self.file = os.open(data, os.O_RDWR)  # to close it gives the database's lock away: it stays open
        try:
            fcntl.lockf(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self.file)
            raise
        self._log = log.beside(data)
        self._place = self._check = self._node = 0
        self._mark = -1

    def begin(self, version: int) -> None:
        """Begin to keep the mark, of a file that stands at that data version. Raises OSError."""
        path = mark_beside(self.data)
        self._mark = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self.committed(version)
        settle(path.parent)

    @property
    def length(self) -> int:
        """How many bytes the log had at the last commit."""
        return self._place

    def committed(self, version: int) -> None:
        """Make sure of a commit before it is told: the log's name in its folder is on the disk, and the mark tells of it."""
        try:
            found = self._log.stat()
        except FileNotFoundError:
            self._place = self._check = self._node = 0
        else:
            if found.st_ino != self._node or found.st_size < self._place:
                settle(self.data.parent)
                self._place = self._check = 0
                self._node = found.st_ino
            self._read(found.st_size)
        self._say(Mark(version, self._place, self._check))

    def _read(self, size: int) -> None:
        with self._log.open("rb", buffering=0) as file:
            file.seek(self._place)
            while self._place < size and (part := file.read(min(CHUNK, size - self._place))):
                self._place, self._check = self._place + len(part), zlib.crc32(part, self._check)

    def _say(self, mark: Mark) -> None:
        told = _MARK.pack(_SIGN, mark.version, mark.bytes, mark.check)
        with suppress(OSError):  # what is committed stays so; a mark of an earlier commit claims less
            os.pwrite(self._mark, told + zlib.crc32(told).to_bytes(4, "little"), 0)

    @contextmanager
    def checkpointing(self, version: int, metadata: Iterable[int]) -> Iterator[None]:
        """Keep the headers and these blocks aside for the while, and have the mark claim nothing of the log. Raises OSError.

        Where the checkpoint fails they stay, for the next who opens the file.
        """
        kept = kept_beside(self.data)
        _keep(kept, self.file, sorted(metadata))
        settle(kept.parent)
        self._say(Mark(version, 0, 0))
        os.fsync(self._mark)
        yield
        kept.unlink()
        self.committed(version)

    def close(self, *, whole: bool = False) -> None:
        """Let go of the file; the mark goes with what it was for, if the file is whole without its log."""
        if self._mark >= 0:
            os.close(self._mark)
            if whole and not self._log.exists():
                mark_beside(self.data).unlink(missing_ok=True)
        os.close(self.file)


def _keep(kept: Path, file: int, metadata: list[int]) -> None:
    head = blocks.header(file)
    told = [_KEPT, struct.pack("<QQQ", head.iteration, head.size, len(metadata)), os.pread(file, blocks.BEGIN, 0)]
    for number in metadata:
        told += [struct.pack("<Q", number), blocks.block(file, head, number)]
    check = 0
    for part in told:
        check = zlib.crc32(part, check)
    with kept.open("wb") as out:
        os.fchmod(out.fileno(), 0o600)
        out.writelines([*told, check.to_bytes(4, "little")])
        out.flush()
        os.fsync(out.fileno())


def put_back(data: Path, file: int) -> bool:
    """Undo what a checkpoint that a power cut ended did to blocks in use; return whether there was one. Raises OSError."""
    kept = kept_beside(data)
    try:
        told = kept.read_bytes()
    except FileNotFoundError:
        return False
    undone = False
    if told[:8] == _KEPT and zlib.crc32(told[:-4]) == int.from_bytes(told[-4:], "little"):
        undone = _put_back(file, told)
    kept.unlink()
    settle(data.parent)
    return undone


def _put_back(file: int, told: bytes) -> bool:
    iteration, size, many = struct.unpack_from("<QQQ", told, 8)
    place = 32 + blocks.BEGIN
    with suppress(blocks.Damaged):
        if blocks.header(file).iteration > iteration:
            return False
    os.pwrite(file, told[32:place], 0)
    for _ in range(many):
        (number,) = struct.unpack_from("<Q", told, place)
        os.pwrite(file, told[place + 8 : place + 8 + size], blocks.BEGIN + number * size)
        place += 8 + size
    os.fsync(file)
    return True
