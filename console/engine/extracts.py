"""Extracts: the rows of facts as a viewer may see them, in a file of their own that is handed over piece by piece."""

from __future__ import annotations

import hashlib
import json
import secrets
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from console import __version__
from console.desk.answer import Answer, Column, Rows
from console.desk.desk import Cross, Extract, Extracted, RowsQuestion, Unknown, Viewer
from console.desk.grammar import typed
from console.engine.model import Model
from console.engine.persons import Persons, who
from console.engine.present import wall_clock
from console.governance.deed import Deed
from console.governance.record import Record
from console.store.extract import ExtractFile

FORMS = ("duckdb", "parquet")
PAGE = 50_000  # rows that are taken at once
PIECE = 1_000_000  # bytes that are handed over at once
OPEN = 20  # files that wait to be fetched, the oldest of more goes
NOTICE = "Not to be kept, copied or used after expires_at; what it was made for stands in reason, words and case_ref."


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A file that waits for its viewer."""

    path: Path
    user: str
    seat: str


class Asking(Protocol):
    """What an extract asks of the Desk it is made at, as its viewer would."""

    def rows(self, viewer: Viewer, question: RowsQuestion) -> Rows:
        """See Desk."""
        ...

    def cross(self, viewer: Viewer, cross: Cross) -> Answer:
        """See Desk."""
        ...

    def fields(self, viewer: Viewer, fact: str) -> tuple[Column, ...]:
        """See Desk."""
        ...

    def marking(self, viewer: Viewer) -> str:
        """See Desk."""
        ...


class Extracts:
    """Makes the files and hands them over."""

    def __init__(self, persons: Persons, record: Record, asking: Asking) -> None:
        """Ask by these."""
        self._persons, self._record, self._asking = persons, record, asking
        self._folder: Path | None = None
        self._waiting: dict[str, _Waiting] = {}
        self._lock = threading.Lock()

    def make(self, viewer: Viewer, model: Model, asked: Extract) -> Extracted:
        """See Desk."""
        facts = self._facts(model, asked)
        token = secrets.token_hex(16)
        file = ExtractFile(self._room() / f"{token}.duckdb")
        try:
            told, counts = self._filled(file, viewer, asked, facts)
            path = file.path
            if asked.form == "parquet":
                path = path.with_suffix(".parquet")
                file.parquet(facts[0], path, told["marking"], told["expires_at"], json.dumps(told, default=str))
                file.drop()
            else:
                file.about(told)
                file.close()
            digest = _digest(path)
        except BaseException:
            file.drop()
            raise
        said = ", ".join(f"{count:,} of {fact}" for fact, count in counts.items())
        detail = f"{asked.to}: {said}; expires {told['expires_at']}; sha256 {digest}"
        self._audit(viewer, model, asked, facts, sum(counts.values()), detail, path)
        with self._lock:
            self._waiting[token] = _Waiting(path, viewer.user, viewer.seat)
            for old in list(self._waiting)[:-OPEN]:
                self._waiting.pop(old).path.unlink(missing_ok=True)
        return Extracted(token, path.stat().st_size, digest, said)

    def _facts(self, model: Model, asked: Extract) -> tuple[str, ...]:
        if asked.form not in FORMS:
            raise ValueError(f"an extract is a file of {' or '.join(FORMS)}, not {asked.form!r}")
        if asked.expires_at <= wall_clock():
            raise ValueError("an extract expires later than now")
        held = tuple(model.facts)
        if wrong := [name for name in asked.facts if name not in held]:
            raise Unknown(f"no fact {wrong[0]!r}: there is {', '.join(held)}")
        fields = asked.selection.fields()
        facts = asked.facts or tuple(fact for fact in held if all(name in model.fields and model.route(fact, name) for name in fields))
        if not facts:
            raise ValueError("no fact is reached by all that is selected: name some with --facts")
        if asked.form == "parquet" and len(facts) != 1:
            raise ValueError(f"a Parquet file holds one fact, and these are {', '.join(facts)}: name one with --facts")
        return tuple(dict.fromkeys(facts))

    def _filled(
        self, file: ExtractFile, viewer: Viewer, asked: Extract, facts: Sequence[str]
    ) -> tuple[dict[str, Any], dict[str, int]]:  # fmt: skip
        """Write the tables, all as of one moment; return what the file is, and the rows of each."""
        first = self._asking.cross(viewer, Cross(facts[0], (), ("count",), asked.selection, asked.at, case=asked.case))
        counts, columns = {}, []
        for fact in facts:
            shown = self._asking.fields(viewer, fact)
            names = tuple(each.name for each in shown)
            question = RowsQuestion("", "", fact, (), asked.selection, first.as_of, columns=names, case=asked.case)
            pages = self._pages(viewer, question)
            page = next(pages)
            own = [(each.name.removeprefix(f"{fact}."), each.type) for each in page.columns]
            counts[fact] = file.table(fact, own, ([row.columns for row in each.rows] for each in _again(page, pages)))
            for (name, type_), each in zip(own, page.columns, strict=True):
                told = {"fact": fact, "name": name, "title": each.title, "type": type_, "unit": each.unit, "personal": each.personal}
                columns.append(told | {"given": "hidden" if each.personal and page.wanted else "given"})
        reason = self._persons.reasons.of(viewer, asked.case)
        about = {
            "marking": self._asking.marking(viewer), "viewer": viewer.user, "made_at": _second(wall_clock()),
            "expires_at": _second(asked.expires_at), "reason": reason.code if reason else "", "words": reason.words if reason else "",
            "case_ref": reason.case if reason else asked.case, "selection": typed(asked.selection), "as_of": first.as_of,
            "data_version": first.version, "program": f"console {__version__}", "notice": NOTICE, "columns": json.dumps(columns),
            "sources": json.dumps([
                {"name": each.name, "title": each.title, "heard_at": None if each.heard_at is None else _second(each.heard_at),
                 "events_missing": max(0, each.gaps)} for each in first.sources
            ]),
        }  # fmt: skip
        return about, counts

    def _pages(self, viewer: Viewer, question: RowsQuestion) -> Iterator[Rows]:
        """Yield a fact's rows page by page, at least one page."""
        offset = 0
        while True:
            page = self._asking.rows(viewer, replace(question, offset=offset, limit=PAGE))
            yield page
            offset += len(page.rows)
            if not page.rows or offset >= page.total:
                return

    def _audit(self, viewer: Viewer, model: Model, asked: Extract, facts: Sequence[str], counted: int, detail: str, path: Path) -> None:
        """Have the audit know of the disclosure; without that there is no file."""
        sight = self._persons.sight(viewer, model, None, asked.case)
        held = {each.name for fact in facts for each in self._asking.fields(viewer, fact)}
        reason = sight.reason
        deed = Deed(
            who(viewer), "extract", "disclosure", fact=", ".join(facts), fields=tuple(sorted(held & sight.given)),
            selection=typed(asked.selection), counted=counted, detail=detail, case=asked.case,
        )  # fmt: skip
        try:
            self._record.take(replace(deed, reason=reason.code, words=reason.words, case=reason.case) if reason else deed)
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def piece(self, viewer: Viewer, token: str, offset: int) -> bytes:
        """See Desk."""
        with self._lock:
            held = self._waiting.get(token)
        if held is None or (held.user, held.seat) != (viewer.user, viewer.seat):
            raise Unknown("no extract waits for you by that token")
        with held.path.open("rb") as file:
            file.seek(offset)
            piece = file.read(PIECE)
        if not piece:
            with self._lock:
                self._waiting.pop(token, None)
                held.path.unlink(missing_ok=True)
                self._tidy()
        return piece

    def _tidy(self) -> None:
        """Leave no folder where nothing waits."""
        if self._folder is not None:
            with suppress(OSError):
                self._folder.rmdir()
                self._folder = None

    def _room(self) -> Path:
        """Return the folder of this process that files wait in, its owner's alone."""
        with self._lock:
            if self._folder is None:
                self._folder = Path(tempfile.mkdtemp(prefix="console-extracts-"))
            return self._folder

    def close(self) -> None:
        """Leave nothing of what wasn't fetched."""
        with self._lock:
            waiting, self._waiting = list(self._waiting.values()), {}
            for held in waiting:
                held.path.unlink(missing_ok=True)
            if self._folder is not None:
                for left in self._folder.iterdir():
                    left.unlink(missing_ok=True)
                self._tidy()


def _again(first: Rows, rest: Iterator[Rows]) -> Iterator[Rows]:
    yield first
    yield from rest


def _second(at: datetime) -> str:
    return at.replace(microsecond=0).isoformat()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
