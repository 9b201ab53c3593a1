"""A cursor that stays on its value when rows come, go and change places."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from console.desk.kept import At


class Cursor:
    """A place in a list by key; `top` is the first row in view."""

    def __init__(self) -> None:
        """Stand at the first row."""
        self.key: Hashable = None
        self.index = 0
        self.top = 0
        self._keys: Sequence[Hashable] = ()
        self._sought = ""  # the text of a key that is to come with the first keys

    def follow(self, keys: Sequence[Hashable], hold: bool = True) -> int:
        """Take the new keys; the row under the cursor keeps its key and its place on the screen.

        A cursor on the first row that nobody reads (not `hold`) stays on the first row. Returns how many keys that
        weren't there before now stand above the view.
        """
        before = set(self._keys)
        known, self._keys = bool(self._keys), keys
        if not keys:
            self.index = self.top = 0
            return 0
        try:
            index = keys.index(self.key) if known else self._found()
        except ValueError:
            index = min(self.index, len(keys) - 1)
        if not hold and self.index == 0:
            index = 0
        self.top = max(0, self.top + index - self.index)
        self._stand(index)
        return sum(key not in before for key in keys[: self.top]) if known else 0

    def _found(self) -> int:
        """Return the row of the key that is sought, else the row of the number that it was at."""
        sought, self._sought = self._sought, ""
        return next((n for n, key in enumerate(self._keys if sought else ()) if repr(key) == sought), self.index)

    @property
    def at(self) -> At:
        """Where it stands, to be kept."""
        return At(self.index, self.top, self._sought if not self._keys else repr(self.key))

    def seek(self, at: At) -> None:
        """Stand there as soon as there are rows."""
        self.index, self.top, self._sought, self._keys = at.index, at.top, at.key, ()

    def _stand(self, index: int) -> None:
        self.index = max(0, min(index, len(self._keys) - 1))
        self.key = self._keys[self.index] if self._keys else None

    def move(self, by: int) -> bool:
        """Move by rows; return whether it moved."""
        before = self.index
        self._stand(self.index + by)
        return self.index != before

    def view(self, height: int) -> range:
        """Return the rows to draw in so many lines, with the cursor among them."""
        height = max(1, height)
        self.top = max(0, min(self.top, self.index, len(self._keys) - 1))
        self.top = max(self.top, self.index - height + 1)
        if len(self._keys) - self.top < height:
            self.top = max(0, len(self._keys) - height)
        return range(self.top, min(self.top + height, len(self._keys)))
