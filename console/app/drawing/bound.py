"""The key of each command as it is written, for the sentences that name one: `{lock} unlocks it`."""

from __future__ import annotations

import re
from collections.abc import Mapping

LEAVE = "q ctrl+c ctrl+q"
_SHOWN: dict[str, str] = {"leave_console": "q"}  # until the table of commands is read
_NAME = re.compile(r"\{([a-z_.]+)\}")


def learn(shown: Mapping[str, str]) -> None:
    """Take the keys of all commands: by name, and by place and name (`map.circle`); "" for one that has none."""
    _SHOWN.clear()
    _SHOWN.update(shown)


def key(name: str) -> str:
    """Return a command's first key as it is written; of a command without a key its name. Raises KeyError."""
    return _SHOWN[name] or f"({name.rpartition('.')[2].replace('_', ' ')}, which has no key)"


def said(sentence: str) -> str:
    """Return a sentence with the keys in the places of their commands' names in braces; other braces stay."""
    return _NAME.sub(lambda found: key(found[1]) if found[1] in _SHOWN else found[0], sentence)
