"""Published police data, as data.police.uk has it: street crime, outcomes, stop and search; a batch a force and month."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from operator import itemgetter
from pathlib import Path

from console.feed.police_uk import reading
from console.feed.police_uk.grouping import Key, batch, groups
from console.feed.police_uk.loading import load
from console.feed.police_uk.reading import Table
from console.feed.police_uk.report import Report
from console.feed.published import opening
from console.feed.published.batches import workroom
from console.feed.published.opening import ImportRefused
from console.store.database import Store

__all__ = ["ImportRefused", "Report", "run"]

Progress = Callable[[str, float], None]


def run(store: Store, files: Sequence[Path], progress: Progress | None = None) -> list[Report]:
    """Import files as batches, each in a transaction of its own, and return the reports in order.

    A file of the same kind, force and month as one before it is its later copy and replaces it, as if imported after it. All
    files are read before the first is stored, so one that is refused leaves the store as it was. One import into a store at
    a time. Raises ImportRefused, OSError.
    """
    say = progress or (lambda words, share: None)
    found: list[tuple[Key, Table]] = []
    reports = []
    with ThreadPoolExecutor(2) as readers:
        for number, tables in enumerate(readers.map(_tables, files), 1):
            reports += [Report(table.name, "", 0, 0) for table in tables if not len(table.rows) and not table.bad]
            found += [part for table in tables for part in groups(table)]
            say(f"read {opening.plain(files[number - 1].name)}", 0.5 * number / len(files))
    found.sort(key=itemgetter(0))
    with workroom(store) as folder, ThreadPoolExecutor(1) as ahead:
        judged = [ahead.submit(batch, *part) for part in found]
        try:
            for number, ((key, _), made) in enumerate(zip(found, judged, strict=True), 1):
                reports.append(load(store, made.result(), folder))
                say(" ".join(key), 0.5 + 0.5 * number / len(found))
        finally:
            ahead.shutdown(wait=False, cancel_futures=True)
    return reports


def _tables(path: Path) -> list[Table]:
    return [reading.table(place, raw) for place, raw in opening.members(path)]
