"""What retention leaves: the fold of the events that are left, no gaps, nothing that comes back, and reasons for what stays."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from console.feed.ingest import Ingest
from console.governance import retention
from console.store import sql
from console.store.database import Store, open_store
from tests.laws.test_past import START, fed, worlds
from tests.state import TABLES

NOW = START + timedelta(minutes=20)
POLICY = """
[incidents]
keep = "0.15 hours"
[incidents.group.kept]
keep = "for ever"
categories = ["Acquisitive crime", "Burglary"]
[crimes]
keep = "0.15 hours"
[contacts]
keep = "0.15 hours"
[positions]
keep = "0.15 hours"
thin = { after = "0.05 hours", every = "2 minutes" }
[usage]
keep = "1 day"
"""


def policy(path: Path, text: str = POLICY) -> dict[str, retention.Rule]:
    """Return the rules of a policy that says so."""
    path.write_text(text, encoding="utf-8")
    return retention.read(path)


def held(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of the state, and each event with its fault."""
    with store.reader() as cursor:
        found = {table: cursor.execute(f"from base.{table} order by all").fetchall() for table in TABLES}
        return found | {"event": cursor.execute("select source, sequence, kind, key, fault from base.event order by all").fetchall()}


def gaps(store: Store) -> list[tuple[Any, ...]]:
    """Return how many events of each source are missing."""
    with store.reader() as cursor:
        return [(name, missing) for name, _, _, missing, _ in sql.rows(cursor, "engine/sources")]


def told(store: Store) -> list[bytes]:
    """Return the events that are left, as lines."""
    with store.reader() as cursor:
        rows = cursor.execute("select source, sequence, occurred_at, kind, key, payload from base.event order by all").fetchall()
    return [
        json.dumps(
            {"v": 1, "source": source, "sequence": sequence, "occurred_at": f"{at.isoformat()}Z", "kind": kind, "key": key,
             "payload": json.loads(payload)}
        ).encode()
        for source, sequence, at, kind, key, payload in rows
    ]  # fmt: skip


def test_what_is_left_is_the_fold_of_what_is_left(tmp_path: Path) -> None:
    """Over random streams: a dry run changes nothing and says the same; what remains folds to itself; nothing sent again comes back."""
    lines = [event for _, event in worlds(random.Random(5), 150)]
    store = fed(open_store(tmp_path / "a.duckdb"), lines, 2)
    rules = policy(tmp_path / "policy.toml")
    before, missing = held(store), gaps(store)
    dry = retention.apply(store, rules, NOW, dry=True)
    assert held(store) == before
    audited: list[tuple[str, str, str]] = []
    done = retention.apply(store, rules, NOW, dry=False, audit=lambda *deed: audited.append(deed))
    assert done == dry
    assert [what.split()[1].rstrip(",") for _, what, _ in audited] == [line.kind for line in done if line.count]
    counts = {line.kind: (line.count, sum(line.kept.values())) for line in done}
    assert all(counts[kind][0] > 5 for kind in ("incidents", "crimes", "contacts", "positions"))
    assert all(counts[kind][1] > 5 for kind in ("incidents", "contacts"))
    after = held(store)
    for kind, table in (("incidents", "incident"), ("crimes", "crime"), ("contacts", "contact")):
        assert len(before[table]) - counts[kind][0] <= len(after[table]) < len(before[table])
    assert gaps(store) == missing

    again = fed(open_store(tmp_path / "b.duckdb"), told(store), 1)
    for table, rows in held(again).items():
        assert after[table] == rows, table
    again.close()

    Ingest(store).take(lines, "again")
    for table, rows in held(store).items():
        assert after[table] == rows, table
    assert not sum(line.count for line in retention.apply(store, rules, NOW, dry=False))
    store.close()

    small, state = retention.compact(tmp_path / "a.duckdb"), after
    assert small[1] <= small[0]
    store = open_store(tmp_path / "a.duckdb")
    assert held(store) == state
    store.close()


def test_an_audit_that_fails_erases_nothing(tmp_path: Path) -> None:
    """Nothing at all, also of what was audited before."""
    store = fed(open_store(tmp_path / "a.duckdb"), [event for _, event in worlds(random.Random(5), 20)], 1)
    before = held(store)

    def failing(done: str, what: str, why: str) -> None:
        if "contacts" in what:
            raise OSError("no room for the audit")

    with pytest.raises(OSError, match="no room"):
        retention.apply(store, policy(tmp_path / "p.toml"), NOW, dry=False, audit=failing)
    assert held(store) == before
    store.close()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[incident]\nkeep = '1 year'", "no kind of record"),
        ("[incidents]", 'write keep = "2 years"'),
        ("[incidents]\nkeep = '2 fortnights'", "is no span"),
        ("[incidents]\nkeep = '0 days'", "is no span"),
        ("[usage]\nkeep = '1 year'\nthin = 1", "'thin' means nothing here"),
        ("[positions]\nkeep = '1 year'\nthin = {after = '1 day', every = '20 minutes'}", "1 to 5 minutes"),
        (
            "[crimes]\nkeep='1 day'\n[crimes.group.a]\nkeep='1 day'\ncategories=['x']\n[crimes.group.b]\nkeep='2 days'\ncategories=['x']",
            "two",
        ),
        ("[usage\n", "Expected"),
    ],
)
def test_a_policy_that_cannot_be_meant_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """With its file and what is wrong."""
    with pytest.raises(ValueError, match=said) as error:
        policy(tmp_path / "wrong.toml", text)
    assert "wrong.toml" in str(error.value)
