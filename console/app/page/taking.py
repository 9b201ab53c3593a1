"""Rows on their way into a file: all behind a number, a page of them a job, stopped by a key with nothing left of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from console.app.asking import Asking
from console.app.drawing import bound
from console.app.export import cells
from console.app.export.tables import Writer
from console.app.messages import Done
from console.desk.answer import Answer, Column
from console.desk.desk import Leaving, Question, RowsQuestion

PAGE = 20_000
TICKET = "export"
Begin = Callable[[Answer, tuple[Column, ...]], Writer]
End = Callable[[Path | None, Exception | None], None]


class Taking:
    """Takes the rows of a question, all as of one moment.

    `begin` gives the writer, for the page's answer and the rows' columns. On the screen's thread `said` is called as it goes,
    and `ended` once: with the file, with why there is none, or with neither where it was stopped.
    """

    def __init__(
        self, asking: Asking, question: RowsQuestion, leaving: Leaving, begin: Begin, said: Callable[[str], None], ended: End
    ) -> None:  # fmt: skip
        """Take nothing yet; what is `leaving` with personal data is recorded before there is a file."""
        self._leaving, self.recorded = leaving, False
        self._asking, self._begin, self._said, self._ended = asking, begin, said, ended
        self._question = replace(question, offset=0, limit=PAGE, ticket=TICKET)
        self._writer: Writer | None = None
        self._stopped = False
        self.count = self.total = 0

    def start(self) -> None:
        """Take the first page."""
        self._said(bound.said("exporting: counting...; {stop_export} stops it"))
        self._job()

    def stop(self) -> None:
        """Take no more; what is written already goes."""
        self._stopped = True
        self._asking.desk.cancel(self._asking.viewer, TICKET)

    def drop(self) -> None:
        """Leave nothing of it."""
        self._stopped = True
        if self._writer is not None:
            self._writer.drop()

    def _job(self) -> None:
        def failed(error: Exception) -> Done:
            return Done(lambda: self._end(None, error))

        self._asking.job(self._take, failed, Done(lambda: self._end(None, None)))

    def _take(self) -> Done:
        """Take a page into the file, off the screen's thread."""
        desk, viewer, asked = self._asking.desk, self._asking.viewer, self._question
        answer: Answer | None = None
        if self._writer is None:
            answer = desk.ask(viewer, Question(asked.app, asked.selection, asked.at, (), ticket=TICKET))
            self._question = replace(asked, at=answer.as_of)
        rows = desk.rows(viewer, replace(self._question, offset=self.count))
        if answer is not None:
            self._writer = self._begin(answer, cells.listed(rows.columns, rows.fact))
        assert self._writer is not None
        self._writer.add([row.columns for row in rows.rows])
        self.count, self.total = self.count + len(rows.rows), rows.total
        if self._stopped:
            return Done(lambda: self._end(None, None))
        if rows.rows and self.count < rows.total:
            return Done(self._next)
        if any(column.personal for column in rows.columns):
            columns = tuple(column.name for column in rows.columns)
            desk.disclose(viewer, replace(self._leaving, columns=columns, fact=rows.fact, subjects=(), counted=self.count))
            self.recorded = True
        path = self._writer.keep()
        return Done(lambda: self._end(path, None))

    def _next(self) -> None:
        if self._stopped:
            self._end(None, None)
            return
        self._said(bound.said(f"exporting: {self.count:,} of {self.total:,} rows; {{stop_export}} stops it"))
        self._job()

    def _end(self, path: Path | None, error: Exception | None) -> None:
        if path is None:
            self.drop()
        self._ended(path, error)
