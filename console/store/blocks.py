"""The data file as it lies on the disk: its headers, its blocks and their checksums, read without the database.

As DuckDB 1.x writes it: three headers of 4,096 bytes, then blocks of one size; each begins with the checksum of its rest. The
header with the higher iteration stands; a block that it reaches is never written over but by a checkpoint, if it is of metadata.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

HEADER = 4096
BEGIN = 3 * HEADER
_MIX, _SEED = np.uint64(0xBF58476D1CE4E5B9), 5381
_TAIL_MIX, _TAIL_SEED, _ALL = 0xC6A4A7935BD1E995, 0xE17A1465, 2**64 - 1
_NONE = 2**64 - 1
_PARTS = 64  # of metadata in a block


class Damaged(Exception):
    """The file isn't as it was written; the message says where."""


@dataclass(frozen=True, slots=True)
class Header:
    """What stands: which checkpoint wrote it, where its list of free blocks begins, how many blocks there are, of how many bytes."""

    iteration: int
    free: int
    count: int
    size: int


def checksum(body: bytes | memoryview) -> int:
    """Return DuckDB's checksum of bytes: words multiplied and combined, what is left over hashed (MurmurHash64A)."""
    whole = len(body) // 8 * 8
    words = np.frombuffer(body, dtype="<u8", count=whole // 8)
    found = int(np.bitwise_xor.reduce(words * _MIX)) if whole else 0
    return _SEED ^ found ^ (_left_over(bytes(body[whole:])) if whole < len(body) else 0)


def _left_over(body: bytes) -> int:
    found = _TAIL_SEED ^ (len(body) * _TAIL_MIX & _ALL)
    found = (found ^ int.from_bytes(body, "little")) * _TAIL_MIX & _ALL
    found = (found ^ found >> 47) * _TAIL_MIX & _ALL
    return found ^ found >> 47


def whole(block: bytes) -> bool:
    """Return whether a header or block is as its own checksum says."""
    return len(block) > 8 and int.from_bytes(block[:8], "little") == checksum(memoryview(block)[8:])


def header(file: int) -> Header:
    """Return the header that stands in an open file. Raises Damaged if there is none."""
    heads = [os.pread(file, HEADER, place) for place in (0, HEADER, 2 * HEADER)]
    if heads[0][8:12] != b"DUCK" or not whole(heads[0]):
        raise Damaged("its first header isn't whole")
    found = []
    for n, head in enumerate(heads[1:], 2):
        if not whole(head):
            raise Damaged(f"header {n} isn't whole")
        iteration, _, free, count, size = struct.unpack_from("<5Q", head, 8)
        found.append(Header(iteration, free, count, size))
    return max(found, key=lambda each: each.iteration)


def block(file: int, head: Header, number: int) -> bytes:
    """Return a block with its checksum, whole or not."""
    return os.pread(file, head.size, BEGIN + number * head.size)


def free_blocks(file: int, head: Header) -> frozenset[int]:
    """Return the numbers of the blocks that nothing reaches. Raises Damaged if the list of them isn't whole."""
    if head.free == _NONE:
        return frozenset()
    told, place, seen = b"", head.free, set[int]()
    while place != _NONE:
        number, part = place & (2**56 - 1), place >> 56
        held = block(file, head, number)
        if place in seen or not whole(held):
            raise Damaged(f"block {number}, which lists the free ones, isn't whole")
        seen.add(place)
        length = (head.size - 8) // _PARTS // 8 * 8
        body = held[8 + part * length : 8 + (part + 1) * length]
        place = int.from_bytes(body[:8], "little")
        told += body[8:]
    many = int.from_bytes(told[:8], "little")
    if many > head.count or 8 + 8 * many > len(told):
        raise Damaged("its list of free blocks makes no sense")
    return frozenset(struct.unpack_from(f"<{many}q", told, 8))


def broken(file: int) -> Iterator[tuple[int, int, int | None]]:
    """Read every block in use; yield (read so far, blocks in all, the number of the one just read if it isn't whole).

    Raises Damaged if the header or the list of free blocks isn't whole.
    """
    head = header(file)
    free = free_blocks(file, head)
    for number in range(head.count):
        bad = number not in free and not whole(block(file, head, number))
        yield number + 1, head.count, number if bad else None
