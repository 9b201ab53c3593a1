"""A day's incidents, told ahead as far as no unit has a say in them: created, their logs opened, what is due when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from console.feed.simulator import crimes, jobs, words
from console.feed.simulator.force import Column, Force
from console.feed.simulator.hours import waking
from console.feed.simulator.openings import OPENING
from console.feed.simulator.plan import Plan, spreads
from console.feed.simulator.tables import GRADES, types
from console.feed.simulator.world import MINUTE, SECOND, Job

CALLED_OFF = 0.07  # of calls that wait for a unit
PATIENCE = 11 * MINUTE  # before which none is called off, and after which its log has all of its opening
REASSESSED = "reassessed on new information"


@dataclass(frozen=True, slots=True)
class Lines:
    """Lists of lines end to end, and of each its first line and how many there are."""

    texts: Column
    first: Column
    count: Column

    @staticmethod
    def of(lists: Sequence[Sequence[str]]) -> Lines:
        """Lay lists of lines end to end."""
        count = np.array([len(lines) for lines in lists])
        return Lines(np.array([line for lines in lists for line in lines], object), np.cumsum(count) - count, count)

    def drawn(self, which: Column, draws: Column) -> Column:
        """Return a line of each list named, by a draw."""
        made: Column = self.texts[self.first[which] + (draws * self.count[which]).astype(int)]
        return made


@cache
def _openings() -> Lines:
    return Lines.of([OPENING[name] for name in types()["type"]])


@cache
def _middles() -> Lines:
    """Return by grade and type what the control room adds."""
    return Lines.of([(graded, *words.MIDDLE[category]) for graded in words.GRADED for category in types()["category"]])


@dataclass(frozen=True, slots=True)
class Created:
    """The incidents of a day as columns: numbers, references, instants (ms), beats, and the calls they began with or None."""

    number: Column
    ref: Column
    at: Column
    beat: Column
    contact: Column
    call_at: Column
    answered_at: Column


def begin(force: Force, drawn: Plan, made: Created) -> None:
    """Tell a day's incidents created and their logs, and put down what is due: the desk, an appointment, units."""
    kind, draws, beats, place = drawn.kind, drawn.course, force.beats, (made.beat, drawn.address)
    force.emit_all(
        "incident.created", made.at, made.ref, _names()[kind], _GRADES[drawn.grade], beats.lon[place], beats.lat[place],
        beats.code[made.beat], beats.street[place], made.contact, made.call_at, made.answered_at, *drawn.flags,
    )  # fmt: skip
    author = _AUTHORS[(draws[5] * len(_AUTHORS)).astype(int)]
    force.emit_all("incident.logged", made.at + SECOND, made.ref, author, _openings().drawn(kind, draws[6]))
    again = np.flatnonzero((draws[9] < 0.025) & ((drawn.grade == 1) | (drawn.grade == 2)))
    grade = drawn.grade.copy()
    grade[again] += np.where(draws[9, again] < 0.015, -1, 1)
    reason = np.full(len(again), REASSESSED, object)
    force.emit_all("incident.graded", made.at[again] + 20 * SECOND, made.ref[again], _GRADES[grade[again]], reason)
    more = np.flatnonzero(draws[7] < 0.7)
    later = made.at[more] + ((60 + 600 * draws[8, more]) * SECOND).astype(int)
    text = _middles().drawn(grade[more] * len(types()["type"]) + kind[more], draws[7, more] / 0.7)
    force.emit_all("incident.logged", later, made.ref[more], author[more], text)
    due = _plan(force, grade, made, draws)
    _open(force, drawn, made, grade, author, due)


def _plan(force: Force, grade: Column, made: Created, draws: Column) -> Column:
    """Put down when units are due, and which incidents are called off; return when units or the desk are due."""
    median, p90 = np.array([1.0, 7, 360, 210])[grade], np.array([1.0, 28, 1440, 960])[grade]
    minutes = np.where(grade == 0, (25 + 70 * draws[10]) / 60, spreads(draws[10], median, p90))
    due = made.at + (minutes * MINUTE).astype(int)
    due = np.where(grade < 2, due, waking(due, draws[11]))
    those = grade < 3
    force.world.diary.plan_all("send", due[those].tolist(), made.number[those].tolist())
    off = np.flatnonzero(made.contact.astype(bool) & ((grade == 1) | (grade == 2)) & (draws[1] < CALLED_OFF))
    when = made.at[off] + PATIENCE + (minutes[off] * draws[4, off] * MINUTE).astype(int)
    force.world.diary.plan_all("call off", when.tolist(), made.number[off].tolist())
    return due


def _open(force: Force, drawn: Plan, made: Created, grade: Column, author: Column, due: Column) -> None:
    """Open the incidents with all that is decided of their course, and close those that the desk deals with."""
    draws, place = drawn.course, (made.beat, drawn.address)
    urgent = drawn.grade == 0
    several = (np.array(types()["units_median"])[drawn.kind] >= 2) | (urgent & (draws[3] < 0.55))
    need = 1 + several + (several & urgent & (draws[3] < 0.12))
    wraps_up = (spreads(draws[11], 14, 80) * MINUTE).astype(int)
    columns = (
        made.number, made.ref, drawn.kind, grade, *place, force.beats.lon[place], force.beats.lat[place], author, made.at, need,
        wraps_up, draws[4] < 0.5, draws[0] < 0.5, *crimes.courses(drawn.kind, made.at, draws[12:16]),
        draws[16] < np.array(types()["p_crime"])[drawn.kind],
    )  # fmt: skip
    for at, job in zip(due.tolist(), map(Job, *(column.tolist() for column in columns)), strict=True):
        if job.grade < 3:
            force.world.jobs[job.number] = job
        else:
            jobs.close(force, at, job)


_GRADES = np.array(GRADES, object)
_AUTHORS = np.array([f"CR{desk:02d}" for desk in range(1, 61)], object)


@cache
def _names() -> Column:
    return np.array(types()["type"], object)
