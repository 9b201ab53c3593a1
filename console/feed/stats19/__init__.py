"""Road casualty statistics as the Department for Transport publishes them: collisions, vehicles, casualties; a batch a force and year."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from console.feed.published.batches import workroom
from console.feed.published.opening import ImportRefused
from console.feed.stats19 import codes, finding
from console.feed.stats19.adjusting import adjusted
from console.feed.stats19.forces import told
from console.feed.stats19.grouping import Batch, batches
from console.feed.stats19.loading import load, met
from console.feed.stats19.report import Blend, Looked, Passed, Report
from console.store.database import Store

__all__ = ["ALL", "OURS", "Blend", "ImportRefused", "Looked", "Passed", "Report", "Reported", "run"]

Reported = Report | Passed | Looked | Blend
Progress = Callable[[str, float], None]
OURS, ALL = "52", "all"


def run(store: Store, paths: Sequence[Path], force: str = OURS, progress: Progress | None = None) -> list[Reported]:
    """Import files, or the files of folders, as batches, each in a transaction of its own; return the reports in order.

    `force` is the published code of the force whose rows are taken, or "all". Of files with rows of the same kind, force and
    year the one named later, or of a folder later by name, replaces the other; provisional ones come first. All are read
    before the first is stored, so one that is refused leaves the store as it was. Any of the three kinds may be missing: the
    last report says what can't be told then. Raises ImportRefused, OSError, ValueError (no such force).
    """
    say = progress or (lambda words, share: None)
    if force not in (ALL, *codes.words("force")):
        raise ValueError(f"no force {force!r}: {OURS} is {codes.words('force')[OURS]}, {ALL} takes every force's rows")
    tables, passed = finding.tables(paths, lambda words, share: say(words, 0.4 * share))
    reports: list[Reported] = [Passed(tuple(passed))] if passed else []
    reports += [Looked(table.name, table.kind, len(table.rows), len(table.bad)) for table in tables if table.lookup]
    found: list[tuple[Report, list[Batch]]] = []
    for number, table in enumerate(told(adjusted(tables))):
        kept, report = batches(table, None if force == ALL else int(force))
        found.append((report, kept))
        say(f"looked at {table.name}", 0.4 + 0.2 * (number + 1) / len(tables))
    count, done = sum(len(kept) for _, kept in found), 0
    with workroom(store) as folder:
        for report, kept in found:
            for batch in kept:
                report = replace(report, loaded=(*report.loaded, load(store, batch, folder)))
                done += 1
                say(f"{batch.kind} {batch.force} {batch.year}", 0.6 + 0.4 * done / count)
            reports.append(report)
    parts = {(batch.force, batch.year) for _, kept in found for batch in kept}
    return [*reports, *([met(store, parts)] if parts else [])]
