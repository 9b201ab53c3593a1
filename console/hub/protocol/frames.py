"""Frames: four bytes of length, biggest first, then so many bytes; a longer one than is allowed ends the line."""

from __future__ import annotations

from collections.abc import Iterator

HEAD = 4
ASKED = 1 << 20  # bytes of a frame that a client may send
ANSWERED = 1 << 26  # and that the hub may


class Oversized(ValueError):
    """A frame longer than is allowed."""


def framed(body: bytes) -> bytes:
    """Return a body as a frame."""
    return len(body).to_bytes(HEAD, "big") + body


class Frames:
    """Takes bytes as they come and gives whole bodies; no more than one frame of the longest is held."""

    def __init__(self, most: int) -> None:
        """Allow bodies of at most so many bytes."""
        self._most = most
        self._held = bytearray()

    def __len__(self) -> int:
        """Return how many bytes are held."""
        return len(self._held)

    def allow(self, most: int) -> None:
        """Allow bodies of at most so many bytes from now on."""
        self._most = most

    def take(self, data: bytes) -> Iterator[bytes]:
        """Yield the bodies that are whole by now; raises Oversized."""
        self._held += data
        at = 0
        try:
            while len(self._held) - at >= HEAD:
                size = int.from_bytes(self._held[at : at + HEAD], "big")
                if size > self._most:
                    raise Oversized(f"a message of {size:,} bytes, more than {self._most:,}")
                if len(self._held) - at - HEAD < size:
                    return
                at += HEAD + size
                yield bytes(self._held[at - size : at])
        finally:
            del self._held[:at]
