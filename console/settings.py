"""What a viewer has set: an option first, then the environment, then `$XDG_CONFIG_HOME/console/console.toml`."""

from __future__ import annotations

import os
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

_closed = False
KNOWN = ("theme", "reader", "profile", "keys")
YES, NO = ("1", "yes", "true", "on"), ("", "0", "no", "false", "off")


def close_files() -> None:
    """Let only options set anything from now on: no file, and no variable that may name one."""
    global _closed
    _closed = True


def folder() -> Path:
    """Return the folder of a viewer's settings: `$XDG_CONFIG_HOME/console`."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "console"


def chosen(name: str, option: str | None, among: Collection[str], default: str) -> str:
    """Return a setting that is one of some words; raises ValueError, saying where it was set, for another."""
    value, place = _set(name, option)
    if value is None:
        return default
    if value not in among:
        raise ValueError(f"{place}: no {name} {value!r}: there is {', '.join(among)}")
    return str(value)


def on(name: str, option: bool | None) -> bool:
    """Return a setting that is on or off; raises ValueError, saying where it was set, for what is neither."""
    value, place = _set(name, option)
    if value is None or isinstance(value, bool):
        return bool(value)
    if str(value).lower() not in (*YES, *NO):
        raise ValueError(f"{place}: {name} is on or off, not {value!r}")
    return str(value).lower() in YES


def keys(option: Path | None) -> Path | None:
    """Return the file of keys: the one that is named, else `keys.toml` in the folder of settings, if it is there."""
    value, place = _set("keys", option)
    if value is not None:
        return (folder() if place.endswith(".toml") else Path()) / Path(str(value)).expanduser()
    held = folder() / "keys.toml"
    if _closed:
        return None
    return held if held.is_file() else None


def _set(name: str, option: Any) -> tuple[Any, str]:
    """Return a setting, None where it isn't set, and where it stands."""
    if option is not None:
        return option, f"--{name}"
    if _closed:
        return None, "--served"
    variable = f"CONSOLE_{name.upper()}"
    if os.environ.get(variable):
        return os.environ[variable], variable
    path = folder() / "console.toml"
    return _file(path).get(name), str(path)


@cache
def _file(path: Path) -> dict[str, Any]:
    """Return what the file of settings holds, nothing where there is none; raises ValueError."""
    if not path.is_file():
        return {}
    import tomllib

    try:
        body = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path}: {error}") from error
    for name in body:
        if name not in KNOWN:
            raise ValueError(f"{path}: no setting {name!r}: there is {', '.join(KNOWN)}")
    return body
