"""The commands that keep a data file: verify, backup, restore."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from console.feed.verify import verify
from console.store.backup import back_up, manifest_beside
from console.store.database import open_store
from console.store.faults import StoreError
from console.store.restoring import restore

Shown = Callable[[str], AbstractContextManager[Callable[[str, float], None]]]
_SAID = {True: "ok", False: "FAULT", None: "note"}


def run(options: argparse.Namespace, data: Path, shown: Shown) -> int:
    """Run the command; return 0 if all is well, 1 if something isn't. Raises StoreError."""
    command: Callable[[argparse.Namespace, Path, Shown], int] = {"verify": _verify, "backup": _backup, "restore": _restore}[options.command]
    return command(options, data, shown)


def _verify(options: argparse.Namespace, data: Path, shown: Shown) -> int:
    return _checked(data, shown, whole=not options.quick)


def _checked(data: Path, shown: Shown, *, whole: bool) -> int:
    faults = 0
    with shown("verify") as progress:
        for check in verify(data, progress, whole=whole):
            faults += check.sound is False
            print(f"{_SAID[check.sound]:<6}{check.name:<10}{check.words}", flush=True)
    return int(faults > 0)


def _backup(options: argparse.Namespace, data: Path, shown: Shown) -> int:
    store = open_store(data, create=False)
    try:
        with shown("backup") as progress:
            copy, manifest = back_up(store, options.to, progress)
    finally:
        store.close()
    print(
        f"{copy}: data version {manifest.data_version:,}, {sum(manifest.rows.values()):,} rows, {manifest.bytes / 1e6:,.1f} MB, "
        f"SHA-256 {manifest.sha256[:16]}… in {manifest_beside(copy).name}"
    )
    return 0


def _restore(options: argparse.Namespace, data: Path, shown: Shown) -> int:
    if options.data is None:
        raise StoreError("say which file is to be made of the backup: --data FILE")
    with shown("restore") as progress:
        manifest, aside = restore(options.copy, data, replace=options.replace, progress=progress)
    if aside:
        print(f"what was there is kept as {aside}")
    print(
        f"{data}: data version {manifest.data_version:,} of {manifest.made_at:%d %b %Y %H:%M} UTC, restored from {options.copy}", flush=True
    )
    return _checked(data, shown, whole=False)
