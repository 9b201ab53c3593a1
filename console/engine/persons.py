"""What an answer may show of persons: which fields are personal, what is refused or masked, and what the audit is told."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from console.desk.answer import Answer, Column, Hit, PanelAnswer, Row, Rows, Value
from console.desk.desk import Cross, Leaving, Question, RowsQuestion, Viewer
from console.desk.grammar import typed
from console.desk.reason import Reason, ReasonWanted
from console.desk.selection import Selection
from console.engine.apps import AppPlan, Plan
from console.engine.model import Model
from console.engine.present import wall_clock
from console.engine.reasons import Reasons
from console.governance.deed import Deed, Who
from console.governance.record import Record

HIDDEN = "(hidden)"
PERSON = "person"  # the column of a profile's own SQL that says whom a line is about; it isn't shown
ONE_LOOK = timedelta(minutes=15)  # the same seat asking the same again within this is still the same look
LETTERS = 3  # typed, from which on a search looks for persons
LOOKS = 64  # of a seat, that are remembered


@dataclass(frozen=True, slots=True)
class Sight:
    """What a viewer sees of persons in one question: the fields given now, those masked, those refused; why; from which case."""

    viewer: Viewer
    given: frozenset[str]
    masked: frozenset[str]
    refused: frozenset[str]
    reason: Reason | None
    case: str
    app: str

    @property
    def personal(self) -> frozenset[str]:
        """The fields that are guarded for the viewer."""
        return self.given | self.masked | self.refused


class Persons:
    """Guards the personal fields of a model."""

    def __init__(self, model: Model, record: Record) -> None:
        """Guard these, and tell this record."""
        self._model, self._record = model, record
        self.reasons = Reasons()
        self.fields = {name: field.personal for name, field in model.fields.items() if field.personal}
        self._looks: OrderedDict[tuple[str, str], OrderedDict[Deed, datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def sight(self, viewer: Viewer, model: Model, app: AppPlan | None, case: str = "") -> Sight:
        """Return what a viewer's question, asked in an app and from a case, may show; `model` is what they see of it.

        What their role masks is no more than a mask to them, so it isn't guarded.
        """
        ways = {name: way for name, way in self.fields.items() if name not in model.fields or model.fields[name].personal}
        ways |= {name: way for name, way in (app.personal if app else {}).items() if name in ways}
        reason = self.reasons.of(viewer, case)
        by = {way: frozenset(name for name, each in ways.items() if each == way) for way in ("ask", "mask", "free")}
        given = frozenset(ways) if reason else by["free"]
        name = app.app.name if app else ""
        return Sight(viewer, given, by["mask"] - given, by["ask"] - given, reason, case, name)

    def wanted(self, names: Iterable[str]) -> ReasonWanted:
        """Return what is to be raised for fields that need a reason first."""
        titles = dict.fromkeys(self._model.fields[name].title for name in sorted(names))
        return ReasonWanted(ReasonWanted.BEGINS + ", ".join(titles))

    def sought(self, sight: Sight, selection: Selection, more: Iterable[str] = ()) -> frozenset[str]:
        """Return the personal fields that a question selects, sorts or counts by. Raises ReasonWanted if one isn't given."""
        used = sight.personal & {*selection.fields(), *more}
        if shut := used - sight.given:
            raise self.wanted(shut)
        return used

    def carried(self, plan: Plan) -> frozenset[str]:
        """Return the personal fields that a panel's answer shows."""
        return frozenset(self.fields.keys() & {*plan.spec.fields, *plan.spec.columns, *plan.personal})

    def shut(self, sight: Sight, plan: Plan) -> frozenset[str]:
        """Return the fields for which a panel is refused: what is counted by value or sorted can't be masked."""
        counted = sight.personal & {*plan.spec.fields, *(name for name, _ in plan.sort)}
        return frozenset((self.carried(plan) & sight.refused) | (counted - sight.given))

    def page(self, sight: Sight, plans: Sequence[Plan], shut: Sequence[Plan], answer: Answer, question: Question | Cross) -> Answer:
        """Return a page's answer, in the order of its plans, with what isn't given hidden; what is shown is audited. Raises Unaudited."""
        by = {panel.name: panel for panel in answer.panels}
        made, deeds = [], []
        subject = question.subject if isinstance(question, Question) else None
        for plan in plans:
            panel = self._refused(sight, plan) if plan in shut else by[plan.spec.name]
            if self.carried(plan) and plan not in shut:
                panel, more = self._panel(sight, plan, panel, subject, question.selection)
                deeds += more
            made.append(panel)
        if not deeds and (sought := sight.personal & set(question.selection.fields())):
            deeds.append(self._deed(sight, "sought", sought, "", self._values(question.selection), question.selection, answer.shown))
        self.tell(deeds)
        return replace(answer, panels=tuple(made))

    def _refused(self, sight: Sight, plan: Plan) -> PanelAnswer:
        spec, wanted = plan.spec, self.wanted(self.shut(sight, plan))
        return PanelAnswer(spec.name, spec.title, spec.kind, spec.fact, spec.fields, (), (), wanted=wanted.what)

    def _panel(
        self, sight: Sight, plan: Plan, answer: PanelAnswer, subject: str | None, selection: Selection
    ) -> tuple[PanelAnswer, list[Deed]]:
        carried = self.carried(plan)
        hidden, shown = carried & sight.masked, carried & sight.given
        about = _about(answer, subject)
        if answer.kind == "profile":
            answer = replace(answer, rows=tuple(replace(row, columns=row.columns[: len(answer.columns)]) for row in answer.rows))
            named = len(about) > 1  # a page without a person on it shows nothing of one
        else:
            answer = replace(answer, rows=_masked(answer.columns, answer.rows, hidden)) if hidden else answer
            named = bool(answer.rows)
        if not named or answer.error:
            return answer, []
        if hidden:
            return replace(answer, wanted=self.wanted(hidden).what), []
        if not shown:
            return answer, []
        deed = self._deed(sight, "panel", shown, answer.fact, about, selection, len(answer.rows))
        if answer.kind == "profile":
            deed = replace(deed, kind="combination", action="profile")
        return replace(answer, personal=tuple(sorted(shown))), [replace(deed, panel=answer.name)]

    def rows(self, sight: Sight, found: Rows, sought: frozenset[str], question: RowsQuestion) -> Rows:
        """Return rows with what isn't given hidden; what is shown or sought is audited. Raises Unaudited."""
        carried = sight.personal & {column.name for column in found.columns}
        hidden, shown = carried & sight.masked, (carried & sight.given) | sought
        if refused := carried & sight.refused:
            raise self.wanted(refused)
        if hidden and found.rows:
            found = replace(found, rows=_masked(found.columns, found.rows, hidden), wanted=self.wanted(hidden).what)
        if shown:
            about = tuple(str(row.at[0][1]) for row in found.rows)
            deed = self._deed(sight, "rows", shown, found.fact, about, question.selection, len(found.rows))
            self.tell([replace(deed, panel=question.panel, detail=f"from {found.offset:,} of {found.total:,}")])
        return found

    def searched(self, sight: Sight, names: Collection[str], text: str) -> frozenset[str]:
        """Return the personal fields that a search looks through: none for less than a few letters. Raises ReasonWanted."""
        sought = sight.personal & set(names)
        if len(text.strip()) < LETTERS or not sought:
            return frozenset()
        if refused := sought & sight.refused:
            raise self.wanted(refused)
        return sought & sight.given

    def found(self, sight: Sight, hits: tuple[Hit, ...], sought: frozenset[str], text: str, selection: Selection) -> tuple[Hit, ...]:
        """Return what a search found; one that looked through personal fields is audited. Raises Unaudited."""
        if sought:
            about = tuple(str(hit.value) for hit in hits if hit.field in sought)
            self.tell([replace(self._deed(sight, "search", sought, "", about, selection, len(about)), detail=text.strip())])
        return hits

    def disclosed(self, sight: Sight, app: AppPlan | None, leaving: Leaving) -> None:
        """Record what is about to leave the screen: in the audit where it holds personal fields that are given. Raises Unaudited."""
        plan = app.plans.get(leaving.panel) if app else None
        names = {*leaving.columns, *(f"{leaving.fact}.{name}" for name in leaving.columns), *(plan.personal if plan else ())}
        shown = sight.given & {*names, *leaving.selection.fields()}
        deed = self._deed(sight, leaving.action, shown, leaving.fact, leaving.subjects, leaving.selection, leaving.counted)
        said = ": ".join(filter(None, (leaving.to, leaving.what)))
        deed = replace(deed, kind="disclosure" if shown else None, app=leaving.app, panel=leaving.panel, detail=said)
        self._record.take(deed)

    def _values(self, selection: Selection) -> tuple[str, ...]:
        """Return the values of personal fields that are selected."""
        clauses = [clause for name, clause in selection.clauses if name in self.fields]
        return tuple(str(value) for clause in clauses for value in sorted(map(str, getattr(clause, "values", ()))))

    def _deed(
        self, sight: Sight, action: str, shown: Collection[str], fact: str, about: tuple[str, ...], selection: Selection, counted: int
    ) -> Deed:  # fmt: skip
        return because(
            Deed(
                who(sight.viewer), action, "consultation", sight.app, fact=fact, fields=tuple(sorted(shown)), subjects=about,
                selection=typed(selection), counted=counted,
            ), sight,
        )  # fmt: skip

    def tell(self, deeds: Sequence[Deed]) -> None:
        """Have the audit told what is about to be shown, each look of a seat once. Raises Unaudited."""
        fresh = [deed for deed in deeds if not self._again(deed)]
        if fresh:
            self._record.take(*fresh)
            now = wall_clock()
            with self._lock:
                for deed in fresh:
                    self._looks.setdefault((deed.who.user, deed.who.seat), OrderedDict())[_look(deed)] = now

    def _again(self, deed: Deed) -> bool:
        """Return whether a seat only looks on at what it looked at a moment ago."""
        now, look = wall_clock(), _look(deed)
        with self._lock:
            looks = self._looks.get((deed.who.user, deed.who.seat))
            if looks is None or (at := looks.get(look)) is None or now - at > ONE_LOOK:
                return False
            looks[look] = now
            looks.move_to_end(look)
            while len(looks) > LOOKS:
                looks.popitem(last=False)
            while len(self._looks) > LOOKS * LOOKS:
                self._looks.popitem(last=False)
            return True


def who(viewer: Viewer) -> Who:
    """Return a viewer as the audit has them."""
    return Who(viewer.user, viewer.uid, viewer.verified, viewer.seat, viewer.address)


def because(deed: Deed, sight: Sight) -> Deed:
    """Return a deed with the reason it is done for."""
    reason = sight.reason
    return replace(deed, case=sight.case) if reason is None else replace(deed, reason=reason.code, words=reason.words, case=reason.case)


def _look(deed: Deed) -> Deed:
    return replace(deed, at=None, counted=None, seconds=None)


def _masked(columns: Sequence[Column], rows: Sequence[Row], hidden: Collection[str]) -> tuple[Row, ...]:
    """Return rows with the values of some columns hidden."""
    places = {n: HIDDEN if column.type == "text" else None for n, column in enumerate(columns) if column.name in hidden}

    def masked(row: Row) -> Row:
        cells: tuple[Value, ...] = tuple(places[n] if n in places and cell is not None else cell for n, cell in enumerate(row.columns))
        return replace(row, columns=cells)

    return tuple(map(masked, rows))


def _about(answer: PanelAnswer, subject: str | None) -> tuple[str, ...]:
    """Return the keys of whom or what an answer is about."""
    if answer.kind != "profile":
        return tuple(str(row.at[0][1]) for row in answer.rows if row.at)
    persons = dict.fromkeys(str(row.columns[-1]) for row in answer.rows if len(row.columns) > len(answer.columns) and row.columns[-1])
    return tuple(dict.fromkeys([*([subject] if subject else []), *persons]))
