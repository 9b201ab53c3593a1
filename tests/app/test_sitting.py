"""A sitting without a screen: selections, drills, profiles and the questions they make."""

from __future__ import annotations

import subprocess
import sys

import pytest

from console.app.sitting import Sitting
from console.desk.answer import PanelAnswer, Row, State
from console.desk.desk import Viewer
from console.desk.selection import Circle, Refused, Selection, Values
from tests.app.world import CONTROL, TYPES_APP


def sitting() -> Sitting:
    """Return a new sitting."""
    return Sitting(Viewer("jo"), (CONTROL, TYPES_APP), "control", Selection())


def test_it_knows_no_screen() -> None:
    """It is imported without Textual."""
    code = "import sys, console.app.sitting; sys.exit('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_several_values_go_in_and_out_together() -> None:
    """A cell's values are added if one is missing, and taken out when all are in."""
    held = sitting()
    held.toggle([("grade", "Immediate")])
    held.toggle([("grade", "Immediate"), ("age", ">4h")])
    assert held.selection.clause("grade") == Values(frozenset({"Immediate"}))
    assert held.selection.clause("age") == Values(frozenset({">4h"}))
    held.toggle([("grade", "Immediate"), ("age", ">4h")])
    assert held.selection.clauses == ()
    assert [held.back(), held.back(), held.back(), held.back()] == [True, True, True, False]


def test_a_refused_step_changes_nothing() -> None:
    """If one of several fields is locked, none changes."""
    held = sitting()
    held.toggle([("grade", "Immediate")])
    held.lock(["grade"])
    before = held.history
    with pytest.raises(Refused):
        held.toggle([("age", ">4h"), ("grade", "Priority")])
    assert held.history == before
    assert held.lock(["grade"]) == "unlocked"


def test_questions_carry_drills_and_time() -> None:
    """A drilled panel's way goes with every question of its app, and with the rows'."""
    held = sitting()
    place = CONTROL.panel("place")
    assert held.deeper(place, "Bristol")
    assert held.deeper(place, "Bristol Central")
    assert not held.deeper(place, "BC01")
    assert held.question(("type",), "page").drills[0].path == ("Bristol", "Bristol Central")
    assert held.rows_question("place", (("beat", "BC01"),)).drills == held.question((), "").drills
    held.app = TYPES_APP
    assert held.question(("type",), "page").drills == ()


def test_it_goes_deeper_by_itself_once() -> None:
    """One value left by other fields goes deeper; going up by hand holds until the selection changes."""
    held = sitting()
    place = CONTROL.panel("place")
    rows = (Row((("district", "Bristol"),), State.POSSIBLE, (4,)), Row((("district", "Somerset"),), State.EXCLUDED, (0,)))
    answer = PanelAnswer("place", "Place", "bars", "incident", ("district",), (), rows)
    assert held.forced_deeper(place, answer)
    assert held.path("place") == ("Bristol",)
    assert held.up(place)
    assert not held.forced_deeper(place, answer)
    held.toggle([("type", "Missing")])
    assert held.forced_deeper(place, answer)
    held.toggle([("type", "Missing")])
    assert held.path("place") == ()
    held.toggle([("district", "Bristol")])
    assert not held.forced_deeper(place, answer)


def test_areas_add_up_and_profiles_are_found() -> None:
    """A second shape joins the first; a field's profile is found by its short or full name."""
    held = sitting()
    held.add_shape(Circle(-2.5, 51.4, 1000))
    held.add_shape(Circle(-2.6, 51.4, 1000))
    area = held.selection.clause("area")
    assert area is not None
    assert len(getattr(area, "shapes", ())) == 2
    assert held.profile_of("incident", "ref") == "incident"
    assert held.profile_of("unit", "unit.ref") == "incident"
    assert held.profile_of("unit", "callsign") == "unit"
    assert held.profile_of("unit", "state") is None
