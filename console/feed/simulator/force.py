"""The course of events: calls answered, incidents graded, units sent, travelling, working, free again."""

from __future__ import annotations

import math
from bisect import bisect_left
from heapq import heappop, heappush
from typing import Any

from console.feed.simulator import duties, words
from console.feed.simulator.plan import DAY, FLAGS, HOUR, LINES, plan
from console.feed.simulator.tables import GRADES, beats, offences, outcomes, speeds, types
from console.feed.simulator.world import (
    ASSIGNED,
    AT_SCENE,
    COMMITTED,
    EMERGENCY,
    EN_ROUTE,
    ESCORT,
    OFF,
    PATROL,
    REFS,
    STATION,
    Job,
    Unit,
    World,
)  # fmt: skip

SECOND, MINUTE = 1000, 60_000
SENT = frozenset(("response", "neighbourhood", "roads", "firearms", "dogs"))
DETOUR = 1.3
FAR_KM = (60.0, 30.0, 18.0, 0.0)
TICK = 30 * SECOND


def spread(uniform: float, median: float, p90: float) -> float:
    """Return the lognormal of that median and 90th percentile at a uniform draw."""
    return float(median * (p90 / median) ** (_normal(uniform) / 1.2816))


def _free(unit: Unit) -> bool:
    return unit.state in (PATROL, STATION) and unit.kind in SENT


def _normal(uniform: float) -> float:
    """Return the standard normal quantile (logistic approximation, within 0.02 between 2 and 98 %)."""
    clipped = min(0.995, max(0.005, uniform))
    return math.log(clipped / (1 - clipped)) / 1.702


class Force:
    """The world and what happens in it, one agenda item at a time."""

    def __init__(self, world: World) -> None:
        """Take the world up where it stands."""
        self.world = world
        self.units = {unit.callsign: unit for unit in world.units}
        self._index = {unit.callsign: index for index, unit in enumerate(world.units)}
        self._free_now = {index for index, unit in enumerate(world.units) if _free(unit)}
        self.beats = beats()
        self.types = types()
        self._handlers = {
            "day": self._day, "create": self._create, "send": self._send, "shift": self._shift, "step": self._step,
            "leave": self._leave, "close": self._close, "press": self._press, "back": self._back, "tick": self._tick, "refs": self._refs,
        }  # fmt: skip

    def plan_item(self, at: int, what: str, key: str) -> None:
        """Put something on the agenda."""
        world = self.world
        world.order += 1
        heappush(world.agenda, (at, world.order, what, key))

    def emit(self, at: int, kind: str, key: str, *values: Any) -> None:
        """Make an event, now or to come; `values` are its payload's fields in order."""
        world = self.world
        world.order += 1
        world.pending.append((at, world.order, kind, key, values))

    def run(self, until: int) -> None:
        """Let everything happen before `until`."""
        agenda = self.world.agenda
        while agenda and agenda[0][0] < until:
            at, _, what, key = heappop(agenda)
            self.world.at = at
            self._handlers[what](at, key)

    # -- days and calls

    def _day(self, at: int, key: str) -> None:
        day = at // DAY
        self.plan_item(at + DAY, "day", "")
        drawn = plan(self.world.seed, day)
        calls = list(
            zip(
                drawn.offered,
                drawn.line,
                drawn.incident,
                drawn.beat,
                drawn.address,
                drawn.kind,
                drawn.grade,
                drawn.draws,
                drawn.flags,
                strict=True,
            )
        )
        for call in calls:
            self._call(*call)
        duties.day(self, day)

    def _call(
        self, at: int, line: int, incident: bool, beat: int, address: int, kind: int, grade: int, draws: list[float], flags: int
    ) -> None:
        self.world.number += 1
        number = self.world.number
        ref = f"J-{at // DAY - 18000:04d}-{number % 100000:05d}"
        contact, call_at, answered, ended = None, None, None, at
        if line >= 0:
            contact, call_at = f"C{number}", at
            self.emit(at, "contact.offered", contact, LINES[line], self.beats.codes[beat])
            answered, ended = self._answer(at, line, incident, draws, contact)
            if answered is None:
                return
        if not incident:
            if contact:
                self.emit(ended, "contact.ended", contact, None)
            return
        created = (answered or at) + int((25 + 70 * draws[2]) * SECOND)
        lon, lat = float(self.beats.lon[beat, address]), float(self.beats.lat[beat, address])
        self.emit(
            created, "incident.created", ref, self.types["type"][kind], GRADES[grade], lon, lat, self.beats.codes[beat],
            self.beats.street(beat, address), contact, call_at, answered, *(bool(flags >> bit & 1) for bit in range(len(FLAGS))),
        )  # fmt: skip
        if contact:
            self.emit(max(ended, created + SECOND), "contact.ended", contact, ref)
        need = 1
        if self.types["units_median"][kind] >= 2 or (grade == 0 and draws[3] < 0.55):
            need = 2 + (grade == 0 and draws[3] < 0.12)
        self.world.jobs[ref] = Job(ref, kind, grade, beat, lon, lat, address, created, draws, need)
        self.plan_item(created, "create", ref)

    def _answer(self, at: int, line: int, incident: bool, draws: list[float], contact: str) -> tuple[int | None, int]:
        """Return when the call was answered (None if given up) and when it ended, by the first operator free."""
        hour = duties.local_hour(at)
        operators = self.world.lines[line]
        on = OPERATORS[line][hour]
        best = next((index for index in range(on) if operators[index] <= at), -1)
        if best < 0:
            best = min(range(on), key=operators.__getitem__)
        start = max(at + int((2 + 5 * draws[0]) * SECOND), operators[best])
        patience = (90, 420, 7200)[line] * -math.log(max(1e-6, draws[1])) * SECOND
        if not incident and start - at > patience:
            self.emit(at + int(patience), "contact.abandoned", contact)
            return None, at
        length = int(spread(draws[4], (150, 290, 240)[line], (320, 700, 600)[line]) * SECOND)
        operators[best] = start + length
        self.emit(start, "contact.answered", contact)
        return start, start + length

    # -- incidents

    def _create(self, at: int, ref: str) -> None:
        job = self.world.jobs[ref]
        opening = words.OPENING[self.types["category"][job.kind]]
        author = f"CR{1 + int(job.draws[5] * 60):02d}"
        self.emit(at + SECOND, "incident.logged", ref, author, opening[int(job.draws[6] * len(opening))])
        if job.draws[7] < 0.7:
            line = words.MIDDLE[int(job.draws[7] / 0.7 * len(words.MIDDLE))]
            self.emit(at + int((60 + 600 * job.draws[8]) * SECOND), "incident.logged", ref, author, line)
        if job.draws[9] < 0.025 and job.grade in (1, 2):
            job.grade += -1 if job.draws[9] < 0.015 else 1
            self.emit(at + 20 * SECOND, "incident.graded", ref, GRADES[job.grade], "reassessed on new information")
        if job.grade == 3:
            hours = spread(job.draws[10], 3.5, 16)
            self.plan_item(duties.waking(at + int(hours * HOUR), job.draws[11]), "close", ref)
            return
        delay = (25 + 70 * job.draws[10]) * SECOND if job.grade == 0 else spread(job.draws[10], 7, 28) * MINUTE
        if job.grade == 2:
            delay = spread(job.draws[10], 8, 28) * HOUR
            self.plan_item(duties.waking(at + int(delay), job.draws[11]), "send", ref)
        else:
            self.plan_item(at + int(delay), "send", ref)

    def _send(self, at: int, ref: str) -> None:
        job = self.world.jobs.get(ref)
        if job is None:
            return
        job.held = False
        self._dispatch(at, job)
        if len(job.units) < job.need and not job.attended and ref not in self.world.waiting:
            self.world.waiting.append(ref)

    def _dispatch(self, at: int, job: Job) -> None:
        units = self.world.units
        free = [units[index] for index in sorted(self._free_now) if units[index].leave - at > 10 * MINUTE]
        if job.grade == 2 and len(free) < 14:
            return
        while len(job.units) < job.need and free:
            unit = self._nearest(job, free)
            if self._km(unit, job) > FAR_KM[job.grade]:
                break
            free.remove(unit)
            self._assign(at, unit, job)
        if job.grade == 0 and not job.units:
            moving = [
                unit for unit in self.world.units
                if unit.state == EN_ROUTE and self.world.jobs[unit.ref].grade > 0 and self._km(unit, job) < 25
            ]  # fmt: skip
            if moving:
                unit = self._nearest(job, moving)
                self._place(unit, at)
                self._drop(unit)
                self._assign(at, unit, job)

    def _nearest(self, job: Job, units: list[Unit]) -> Unit:
        lon, lat = job.lon, job.lat
        return min(units, key=lambda unit: ((unit.lon - lon) * 0.626) ** 2 + (unit.lat - lat) ** 2)

    def _km(self, unit: Unit, job: Job) -> float:
        return 111.2 * math.hypot((unit.lon - job.lon) * 0.626, unit.lat - job.lat) * DETOUR

    def _assign(self, at: int, unit: Unit, job: Job) -> None:
        job.units.append(unit.callsign)
        unit.ref = job.ref
        self._status(at, unit, ASSIGNED)
        unit.step += 1
        turnout = int((15 + 45 * self._draw(job)) * SECOND) if unit.state != EN_ROUTE else 5 * SECOND
        self.plan_item(at + turnout, "step", f"{unit.callsign}:{unit.step}")

    def _draw(self, job: Job) -> float:
        job.used += 1
        return job.draws[12 + job.used % 12]

    def _drop(self, unit: Unit) -> None:
        job = self.world.jobs[unit.ref]
        job.units.remove(unit.callsign)
        unit.ref = ""
        if not job.units and not job.attended and job.ref not in self.world.waiting:
            self.world.waiting.append(job.ref)

    def _close(self, at: int, ref: str) -> None:
        job = self.world.jobs.pop(ref, None)
        if job is None:
            return
        crime = None
        if job.draws[20] < self.types["p_crime"][job.kind] * CRIME_LEVEL:
            crime = self._crime(at, job)
        lines = words.DESK if not job.attended else words.RESULTS
        result = "Crime recorded" if crime else lines[int(job.draws[21] * len(lines))]
        self.emit(at, "incident.closed", ref, result, crime)

    def _crime(self, at: int, job: Job) -> str:
        name = self.types["type"][job.kind]
        names, shares = offences()[name]
        self.world.number += 1
        crime = f"52{at // DAY - 18000:04d}{self.world.number % 100000:05d}"
        offence = names[min(len(names) - 1, bisect_left(shares, job.draws[22] * shares[-1]))]
        past = (
            int(spread(job.draws[21], 0.6, 16) * HOUR)
            if name in ("Violence past", "Burglary dwelling", "Burglary other", "Theft", "Vehicle crime")
            else 10 * MINUTE
        )
        self.emit(
            at, "crime.recorded", crime, offence, job.lon, job.lat, self.beats.codes[job.beat],
            self.beats.street(job.beat, job.address), job.ref, job.created - past,
        )  # fmt: skip
        officer = self.world.units[int(job.draws[19] * len(self.world.units))]
        self.emit(at + int(spread(job.draws[18], 9, 60) * HOUR), "crime.allocated", crime, officer.officers[0], officer.team)
        codes, steps, days = outcomes()
        chosen = bisect_left(steps, job.draws[17])
        if chosen < len(codes):
            later = at + int(spread(job.draws[16], days[chosen], days[chosen] * 3) * DAY)
            self.emit(max(later, at + HOUR), "crime.outcome", crime, codes[chosen])
        return crime

    # -- units

    def _status(self, at: int, unit: Unit, state: int) -> None:
        unit.state = state
        (self._free_now.add if _free(unit) else self._free_now.discard)(self._index[unit.callsign])
        self.emit(at, "unit.status", unit.callsign, state, unit.ref or None, unit.lon, unit.lat, self.beats.codes[unit.beat])

    def _shift(self, at: int, key: str) -> None:
        callsign, _, leave = key.partition(":")
        unit = self.units[callsign]
        if unit.state != OFF:
            return
        unit.lon, unit.lat, unit.beat = unit.home_lon, unit.home_lat, unit.home
        unit.leave, unit.refreshed = int(leave), False
        unit.step += 1
        self._status(at, unit, 1)
        for officer in unit.officers[: unit.crew]:
            self.emit(at, "duty.started", officer, callsign, unit.leave)
        self.plan_item(at + (4 + unit.step % 9) * MINUTE, "step", f"{callsign}:{unit.step}")
        self.plan_item(unit.leave, "leave", callsign)
        if unit.leave - at > 5 * HOUR:
            self.plan_item(at + (unit.leave - at) * (35 + unit.step % 30) // 100, "refs", callsign)

    def _step(self, at: int, key: str) -> None:
        callsign, _, step = key.partition(":")
        unit = self.units[callsign]
        if int(step) != unit.step:
            return
        if unit.state == EMERGENCY:
            self.plan_item(at + 2 * MINUTE, "step", key)
        elif unit.state == ASSIGNED:
            self._set_off(at, unit)
        elif unit.state == EN_ROUTE:
            self._arrive(at, unit)
        elif unit.state == AT_SCENE:
            self._clear(at, unit)
        elif unit.state == ESCORT:
            unit.step += 1
            self._status(at, unit, COMMITTED)
            self.plan_item(at + (70 + unit.step * 13 % 70) * MINUTE, "step", f"{callsign}:{unit.step}")
        elif unit.state != OFF:
            self._free(at, unit)

    def _set_off(self, at: int, unit: Unit) -> None:
        job = self.world.jobs[unit.ref]
        dark = duties.local_hour(at) in (21, 22, 23, 0, 1, 2, 3, 4, 5)
        km = self._km(unit, job)
        urban, rural = (speeds()[name][dark] for name in ("urban", "rural"))
        kmh = urban if self.beats.urban[job.beat] and km < 9 else rural
        kmh *= 1.12 if job.grade == 0 else 0.8
        minutes = 1.0 + km / kmh * 60 * (0.85 + 0.4 * self._draw(job))
        unit.from_lon, unit.from_lat, unit.to_lon, unit.to_lat = unit.lon, unit.lat, job.lon, job.lat
        unit.set_off, unit.arrive = at, at + int(minutes * MINUTE)
        self._status(at, unit, EN_ROUTE)
        unit.step += 1
        self.plan_item(unit.arrive, "step", f"{unit.callsign}:{unit.step}")

    def _arrive(self, at: int, unit: Unit) -> None:
        job = self.world.jobs[unit.ref]
        unit.lon, unit.lat, unit.beat = job.lon, job.lat, job.beat
        self._status(at, unit, AT_SCENE)
        share = 0.6 if job.attended else 1.0
        job.attended = True
        if job.ref in self.world.waiting:
            self.world.waiting.remove(job.ref)
        draw = self._draw(job)
        stay = spread(draw, self.types["on_scene_median_s"][job.kind], self.types["on_scene_p90_s"][job.kind]) * share
        unit.step += 1
        self.plan_item(at + int(max(240, stay) * SECOND), "step", f"{unit.callsign}:{unit.step}")
        if draw < 0.5:
            line = words.SCENE[int(draw * 2 * len(words.SCENE))]
            self.emit(at + 3 * MINUTE, "incident.logged", job.ref, unit.callsign, line)
        if draw > 1 - 1.6 / 1000:
            self.plan_item(at + 100 * SECOND, "press", f"{unit.callsign}:{unit.step}")

    def _press(self, at: int, key: str) -> None:
        callsign, _, step = key.partition(":")
        unit = self.units[callsign]
        if unit.state == AT_SCENE and int(step) == unit.step:
            self._status(at, unit, EMERGENCY)
            self.plan_item(at + 85 * SECOND, "back", key)

    def _back(self, at: int, key: str) -> None:
        unit = self.units[key.partition(":")[0]]
        if unit.state == EMERGENCY:
            self._status(at, unit, AT_SCENE)

    def _clear(self, at: int, unit: Unit) -> None:
        job = self.world.jobs[unit.ref]
        job.units.remove(unit.callsign)
        last = not job.units
        unit.ref = ""
        draw = self._draw(job)
        arrest = job.draws[23] < (0.16 if job.grade == 0 else 0.05) and last
        unit.step += 1
        if arrest:
            self._status(at, unit, ESCORT)
            self.plan_item(at + int((20 + 25 * draw) * MINUTE), "step", f"{unit.callsign}:{unit.step}")
        elif draw < 0.78:
            self._status(at, unit, COMMITTED)
            self.plan_item(at + int(spread(draw / 0.78, 42, 110) * MINUTE), "step", f"{unit.callsign}:{unit.step}")
        else:
            self._free(at, unit)
        if last:
            self.plan_item(at + int(spread(job.draws[11], 14, 80) * MINUTE), "close", job.ref)

    def _free(self, at: int, unit: Unit) -> None:
        """Make a unit available, and send it where it is most needed."""
        if at >= unit.leave:
            if unit.state in (PATROL, STATION):
                self._off(at, unit)
                return
            self._status(at, unit, STATION)
            self.plan_item(at + 2 * MINUTE, "leave", unit.callsign)
            return
        self._status(at, unit, PATROL if unit.step % 4 else STATION)
        if unit.kind not in SENT or unit.leave - at < 10 * MINUTE:
            return
        jobs = self.world.jobs
        for ref in sorted((ref for ref in self.world.waiting if ref in jobs), key=lambda ref: (jobs[ref].grade, jobs[ref].created)):
            job = jobs[ref]
            if len(job.units) < job.need and self._km(unit, job) <= FAR_KM[job.grade]:
                self._assign(at, unit, job)
                if len(job.units) >= job.need:
                    self.world.waiting.remove(ref)
                return

    def _refs(self, at: int, callsign: str) -> None:
        unit = self.units[callsign]
        if unit.state in (PATROL, STATION) and not unit.refreshed and at < unit.leave - HOUR:
            unit.refreshed = True
            unit.step += 1
            self._status(at, unit, REFS)
            self.plan_item(at + (30 + unit.step % 16) * MINUTE, "step", f"{callsign}:{unit.step}")
        elif not unit.refreshed and at < unit.leave - 2 * HOUR:
            self.plan_item(at + 10 * MINUTE, "refs", callsign)

    def _leave(self, at: int, callsign: str) -> None:
        unit = self.units[callsign]
        if at >= unit.leave and unit.state in (PATROL, STATION):
            self._off(at, unit)

    def _off(self, at: int, unit: Unit) -> None:
        unit.step += 1
        self._status(at, unit, OFF)
        for officer in unit.officers[: unit.crew]:
            self.emit(at, "duty.ended", officer)
        self.emit(at + 1, "unit.tasked", unit.callsign, None)

    # -- positions

    def _tick(self, at: int, key: str) -> None:
        """Say where units are: those on the way every time, those that stand still every eighth."""
        self.plan_item(at + TICK, "tick", "")
        turn = at // TICK % 8
        for index, unit in enumerate(self.world.units):
            if unit.state == OFF:
                continue
            if unit.state == EN_ROUTE:
                self._place(unit, at)
            elif index % 8 != turn:
                continue
            self.emit(at + index % 30 * SECOND, "unit.moved", unit.callsign, unit.lon, unit.lat, self.beats.codes[unit.beat])

    def _place(self, unit: Unit, at: int) -> None:
        """Put a travelling unit where it is on its straight line by now."""
        share = min(1.0, max(0.0, (at - unit.set_off) / max(1, unit.arrive - unit.set_off)))
        unit.lon = round(unit.from_lon + share * (unit.to_lon - unit.from_lon), 5)
        unit.lat = round(unit.from_lat + share * (unit.to_lat - unit.from_lat), 5)
        unit.beat = self.beats.nearest(unit.lon, unit.lat)


CRIME_LEVEL = 1.0
OPERATORS = (
    [6, 6, 5, 4, 4, 4, 5, 6, 7, 8, 8, 8, 8, 8, 8, 9, 9, 9, 9, 9, 9, 9, 8, 7],
    [7, 6, 5, 4, 4, 4, 5, 8, 12, 14, 15, 15, 15, 15, 15, 15, 16, 16, 15, 15, 13, 12, 10, 8],
    [4] * 24,
)
