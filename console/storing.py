"""The commands that put into a data file, or take out of it: init, ingest, import, retention; each with its word to the audit."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path

from console.desk.login import here
from console.governance.audit import Audit
from console.governance.deed import Deed, Kind, Who
from console.store.database import Store, open_store

Shown = Callable[[str], AbstractContextManager[Callable[[str, float], None]]]
Say = Callable[[str], None]


def run(options: argparse.Namespace, data: Path, shown: Shown, say: Say) -> int:
    """Run the command; return the exit status. Raises StoreError, ImportRefused, NotAudited, OSError, ValueError."""
    command: dict[str, Callable[[argparse.Namespace, Store, Shown, Say], object]] = {
        "init": _init,
        "ingest": _ingest,
        "import": _import,
        "retention": _retention,
    }
    store = open_store(data, create=options.command != "retention", say=say)
    try:
        roomy = command[options.command](options, store, shown, say) is True
    finally:
        store.close()
    if roomy:
        _compact(data)
    return 0


def _init(options: argparse.Namespace, store: Store, shown: Shown, say: Say) -> None:
    from console.embedded import make_history

    with shown("history") as progress:
        print(f"{store.path}: {make_history(store, days=options.days, seed=options.seed, progress=progress)}")


def _ingest(options: argparse.Namespace, store: Store, shown: Shown, say: Say) -> None:
    from console.feed import follow

    _audited(store, "ingest", "collection", "; ".join(options.targets))
    print(follow.run(store, options.targets, follow=options.follow, progress=say))


def _import(options: argparse.Namespace, store: Store, shown: Shown, say: Say) -> None:
    importer = import_module(f"console.feed.{options.source.replace('-', '_')}")
    if options.force is not None and options.source != "stats19":
        raise ValueError(f"--force is of stats19; {options.source} takes the forces that its files are of")
    more = {} if options.force is None else {"force": options.force}
    _audited(store, f"import {options.source}", "collection", "; ".join(map(str, options.files)))
    with shown("import") as progress:
        reports = importer.run(store, options.files, progress=progress, **more)
    _audited(store, f"imported {options.source}", "collection", "; ".join(str(report).partition("\n")[0] for report in reports))
    for report in reports:
        print(report)


def _retention(options: argparse.Namespace, store: Store, shown: Shown, say: Say) -> bool:
    """Return whether there is room to give back."""
    from console.feed.ingest import clock
    from console.governance import retention

    def erased(done: str, what: str, why: str) -> None:
        _audited(store, "retention", "erasure", f"{what}; {why}; policy {options.policy}")

    lines = retention.apply(store, retention.read(options.policy), clock(), dry=options.dry_run, audit=erased)
    store.checkpoint()
    print(retention.said(lines, dry=options.dry_run))
    return not options.dry_run and any(line.count for line in lines)


def _compact(data: Path) -> None:
    from console.governance import retention

    before, after = retention.compact(data)
    print(f"{data}: {before / 1e6:,.1f} MB before, {after / 1e6:,.1f} MB now")


def _audited(store: Store, action: str, kind: Kind, detail: str) -> None:
    """Have the audit know, before it is done."""
    viewer = here()
    Audit(store).add(Deed(Who(viewer.user, viewer.uid, viewer.verified, viewer.seat, viewer.address), action, kind, detail=detail))
