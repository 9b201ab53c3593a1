"""A policy file: what is refused of it, with its line; what several roles give together; what each built-in role sees of the force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from console.desk.desk import Change, Command, Question, RowsQuestion, Unknown, Viewer
from console.desk.selection import Refused, Selection
from console.embedded import COMMANDS, check, desk_over
from console.engine import roles
from console.engine.desk import StoreDesk
from console.engine.section import ANOTHER, MASK
from console.engine.toml import Faults
from console.feed import bulk
from console.feed.ingest import SimulatorState
from console.feed.simulator import SOURCE, Simulator
from console.governance.policy import NOTHING, WHOLE, Role, Roles, Sight, together
from console.store.database import open_store

POLICY = Path(__file__).parents[2] / "docs" / "policy.toml"
AT = datetime(2026, 11, 13, 22, 15)
BRISTOL = Sight(((("district", frozenset({"Bristol"})),),))
SOMERSET = Sight(((("district", frozenset({"Somerset"})),),))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('apps = ["control"]', 'apps = ["contrl"]', "'control'"),
        ('cc-operators = ["operator"]', 'cc-operators = ["operater"]', "'operator'"),
        ('district = ["Bristol"]', 'district = ["Bristl"]', "'Bristol'"),
        ('mask = ["location", "officer_name"]', 'mask = ["locatoin"]', "'location'"),
        ("[role.operator.fact.unit]", "[role.operator.fact.units]", "'unit'"),
        ("[role.analyst.detail.duty]", "[role.analyst.detail.dutty]", "'duty'"),
        ('rows = { district = "own" }', 'rows = { distric = "own" }', "'district'"),
        ('rows = { district = "own" }', 'rows = { district = "mine" }', 'not "own" or a list of values'),
        ('marking = "OFFICIAL-SENSITIVE"', 'marking = "OFICIAL"', "'OFFICIAL'"),
        ('commands = ["acknowledge"]', 'commands = ["acknowlege"]', "'acknowledge'"),
        ("export = true", "exports = true", "'export'"),
        ("[role.operator.fact.contact]", '[role.operator.fact.contact]\nhide = ["contact"]', "its rows are known by it"),
        ("[role.operator.fact.contact]", '[role.operator.fact.contact]\nhide = ["offered"]', "it says when its rows are"),
        ("[role.operator.fact.incident]", '[role.operator.fact.incident]\nmask = ["grade"]', "announced by it"),
        ("[role.operator.fact.incident]", '[role.operator.fact.incident]\nhide = ["condition"]', "stands on condition"),
        ("[role.operator.fact.incident]", "", "led by incident"),
    ],
)  # fmt: skip
def test_what_is_refused(desk: StoreDesk, tmp_path: Path, old: str, new: str, words: str) -> None:
    """One fault or more, at a line of the file, and what was meant."""
    text = POLICY.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "policy.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Faults) as raised, desk._store.reader() as cursor:
        roles.load(tmp_path / "policy.toml", desk.model, desk.plans, COMMANDS, cursor)
    found = raised.value.found
    assert all(f"{tmp_path / 'policy.toml'}:" in each for each in found)
    assert any(words in each for each in found), found


def test_the_command_checks_a_policy(tmp_path: Path) -> None:
    """Its faults are told with the others."""
    (tmp_path / "policy.toml").write_text("[role.operator]\napp = []\n", encoding="utf-8")
    assert check(tmp_path / "check.duckdb", tmp_path / "policy.toml") == [
        f"{tmp_path / 'policy.toml'}:2: role.operator.app: no such key; the nearest is 'apps'"
    ]


def test_several_roles() -> None:
    """Rows of all of them; fields as each shows them that shows rows of its own."""
    assert together([BRISTOL, SOMERSET]).rows == (*(BRISTOL.rows or ()), *(SOMERSET.rows or ()))
    masked = Sight(None, masked=frozenset({"location"}))
    assert together([BRISTOL, masked]) == masked
    assert together([BRISTOL, Sight()]) == Sight()
    assert together([Sight(BRISTOL.rows, frozenset({"location"})), BRISTOL]) == BRISTOL
    assert together([masked, Sight(None, frozenset({"why"}))]) == Sight(None, frozenset({"why"}), frozenset({"location"}))


def test_nobody_owns_what_isnt_said() -> None:
    """Whose own isn't said sees no row by it; who has no role sees nothing, and hears it in a sentence."""
    own = Sight(((("district", frozenset({"\0own"})),),))
    role = Role("mine", None, None, {"incident": own}, {})
    policy = Roles(
        {"mine": role}, {"g": frozenset({"mine"})}, {("user", "ann"): {"district": frozenset({"Bristol"})}}, frozenset({"incident"})
    )
    assert policy.rights("ann", frozenset(), frozenset({"g"})).section.facts == (("incident", BRISTOL),)
    assert policy.rights("bob", frozenset(), frozenset({"g"})).section.facts == (("incident", Sight(())),)
    none = policy.rights("cat", frozenset(), frozenset({"h"}))
    assert none.section == NOTHING
    assert none.refusal("acknowledge") == "cat has no role here: ask the administrator for one"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreDesk]:
    """Three days of the simulated force up to a Friday night, under the example policy."""
    store = open_store(Path(tmp_path_factory.mktemp("policy")) / "a.duckdb")
    simulator = Simulator(4, AT - timedelta(days=3), positions_from=AT - timedelta(minutes=40))
    batch = simulator.advance(AT)
    bulk.load(store, batch.frames(), SOURCE, SimulatorState(SOURCE, AT, simulator.state()))
    made = desk_over(store, policy=POLICY, clock=lambda: AT)
    yield made
    made.close()


def viewer(*groups: str) -> Viewer:
    return Viewer("ann", verified=True, groups=frozenset(groups))


CHIEF, SUPERVISOR, ANALYST = viewer("cc-chiefs"), viewer("cc-supervisors", "cc-bristol"), viewer("cc-analysts")


def test_each_role(desk: StoreDesk) -> None:
    """Apps, section in words, marking, and refusals."""
    names = {
        who: tuple(app.name for app in desk.apps(who))
        for who in (CHIEF, SUPERVISOR, ANALYST, viewer("cc-operators"), viewer("cc-auditors"))
    }
    assert names[CHIEF] == names[SUPERVISOR] == ("control", "crime")
    assert names[ANALYST] == ("crime",)
    assert names[viewer("cc-operators")] == ("control",)
    assert names[viewer("cc-auditors")] == ()
    assert desk.rights(CHIEF).section == WHOLE
    assert desk.marking(CHIEF) == desk.marking(SUPERVISOR) == "OFFICIAL-SENSITIVE (SYNTHETIC)"
    assert desk.marking(ANALYST) == "OFFICIAL (SYNTHETIC)"
    assert desk.refusal(ANALYST, "acknowledge") == "the role analyst doesn't acknowledge"
    assert not desk.refusal(SUPERVISOR, "export")
    assert desk.refusal(viewer("cc-operators"), "export")
    with pytest.raises(Unknown, match="has no role here"):
        desk.ask(viewer(), Question("control"))
    with pytest.raises(Unknown, match="no fact 'incident'"):
        desk.rows(viewer(), RowsQuestion("", fact="incident"))


def test_a_district_s_supervisor(desk: StoreDesk) -> None:
    """The page is that of the chief with the district selected, of no other place is anything there, and the bar says so."""
    page = desk.ask(SUPERVISOR, Question("control"))
    chiefs = desk.ask(CHIEF, Question("control", Selection().toggle("district", "Bristol"), page.as_of))
    assert (page.shown, page.of) == (chiefs.shown, chiefs.shown)
    assert "Bristol only" in page.section
    assert not chiefs.section
    assert not [panel.error for panel in page.panels if panel.error]
    place = next(panel for panel in page.panels if panel.name == "place")
    assert [row.at for row in place.rows] == [(("district", "Bristol"),)]
    everywhere = desk.rows(SUPERVISOR, RowsQuestion("", fact="incident", columns=("district", "unit"), limit=5000))
    assert {row.columns[0] for row in everywhere.rows} == {"Bristol"}
    with pytest.raises(Unknown, match="no value of beat"):
        desk.resolve(SUPERVISOR, ("beat=(none)",), (), "control")
    foreign = (
        desk.rows(CHIEF, RowsQuestion("", fact="incident", selection=Selection().toggle("district", "Somerset"), limit=1)).rows[0].at[0][1]
    )
    with pytest.raises(Unknown):
        desk.resolve(SUPERVISOR, (f"incident.ref={foreign}",), (), "control")
    with pytest.raises(Unknown, match="no incident"):
        desk.command(SUPERVISOR, Command("1", "acknowledge", (("kind", "immediate"), ("key", str(foreign)))))
    with pytest.raises(Refused):
        desk.command(ANALYST, Command("1", "acknowledge", (("kind", "immediate"), ("key", str(foreign)))))
    page = desk.ask(SUPERVISOR, Question("control", panels=("incident",), subject=str(foreign)))
    assert not page.panels[0].rows


def test_what_names_another(desk: StoreDesk) -> None:
    """A unit's assignment beyond the section reads as another's."""
    units = desk.rows(SUPERVISOR, RowsQuestion("", fact="unit", columns=("callsign", "ref"), limit=5000, at=AT))
    mine = {str(row.at[0][1]) for row in desk.rows(SUPERVISOR, RowsQuestion("", fact="incident", limit=50000, at=AT)).rows}
    refs = {row.columns[1] for row in units.rows} - {None}
    assert refs
    assert refs <= {*mine, ANOTHER}


def test_a_mask(desk: StoreDesk) -> None:
    """Is all that there is of a masked field, to count, to search and to show, and the column says so."""
    rows = desk.rows(ANALYST, RowsQuestion("", fact="incident", columns=("location",), limit=5))
    assert {row.columns[0] for row in rows.rows} == {MASK}
    assert rows.columns[0].title == "Location (masked)"
    where = desk.rows(CHIEF, RowsQuestion("", fact="crime", columns=("location",), limit=1, sort=(("location", True),))).rows[0].columns[0]
    assert not [hit for hit in desk.search(ANALYST, "crime", str(where), Selection()) if hit.field == "crime.location"]


def test_one_section_hears_only_its_own(desk: StoreDesk) -> None:
    """A commit that touches another district's incident is heard by the chief alone."""
    heard: list[Change] = []
    chiefs: list[Change] = []
    stops = [desk.subscribe(SUPERVISOR, heard.append), desk.subscribe(CHIEF, chiefs.append)]
    for district in ("Somerset", "Bristol"):
        rows = desk.rows(CHIEF, RowsQuestion("", fact="incident", selection=Selection().toggle("district", district), limit=1)).rows
        with desk._store.write({"incident": frozenset({str(rows[0].at[0][1])})}):
            pass
        desk.settle()
        assert len(heard) == (district == "Bristol")
    assert len(chiefs) == 2
    for stop in stops:
        stop()
