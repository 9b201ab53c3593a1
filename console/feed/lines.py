"""Bytes as they come into lines, of which no more is held than a line may have."""

from __future__ import annotations

from console.feed.decode import KEPT_BYTES, LINE_LIMIT, Cut

Line = bytes | Cut


class Splitter:
    """Splits what comes, piece after piece, at its newlines."""

    def __init__(self) -> None:
        """Begin at the beginning of a line."""
        self._rest = bytearray()
        self._over = 0

    def split(self, piece: bytes) -> list[Line]:
        """Return the lines that are whole with this piece, their newlines with them."""
        first, newline, others = piece.partition(b"\n")
        self._keep(first)
        if not newline:
            return []
        lines = [self._line()]
        *whole, rest = others.split(b"\n")
        lines += [line + b"\n" for line in whole]
        self._keep(rest)
        return lines

    def rest(self) -> list[Line]:
        """Return what is left without a newline, as a line if there is something."""
        return [self._line()] if self._rest else []

    @property
    def held(self) -> int:
        """The bytes that came since the last newline, also those that aren't kept."""
        return len(self._rest) + self._over

    def _keep(self, piece: bytes) -> None:
        room = LINE_LIMIT - len(self._rest)
        self._rest += piece[:room]
        self._over += max(0, len(piece) - room)

    def _line(self) -> Line:
        made = Cut(bytes(self._rest[:KEPT_BYTES]), self.held + 1) if self._over else bytes(self._rest) + b"\n"
        self._rest, self._over = bytearray(), 0
        return made
