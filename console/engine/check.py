"""What can be wrong with the model, the sources and the apps before anyone opens them, said with file and line."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from console.desk.desk import Unknown
from console.desk.page import Shown
from console.desk.selection import Area, Box, Selection, Values
from console.engine import apps, judged, known, maps, panels, reading, sources
from console.engine.context import Context
from console.engine.model import Model, unknown
from console.engine.persons import PERSON
from console.engine.toml import Document, Faults, Place
from console.store import sql
from console.store.database import Cursor, Failure, Store

NOW = datetime(2026, 1, 1)
PROFILE = ("section", "label", "value", "detail", "field", "key")
_WRONG = (Failure, ValueError, KeyError, TypeError, AssertionError, Unknown)
_WHOLE = "U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?"
_STORED = {
    "text": "VARCHAR", "month": "VARCHAR", "integer": _WHOLE, "number": rf"{_WHOLE}|DOUBLE|FLOAT|DECIMAL.*", "boolean": "BOOLEAN",
    "instant": "TIMESTAMP", "area": "DOUBLE",
}  # fmt: skip
_BEYOND = "{} can't be kept to what a role may see: read facts, details of model.toml, ref.* and expressions of its own"
_NAMED = re.compile(r'"(\w+)"|name (\w+)|column (\w+)')


def faults(store: Store, queries: Path) -> list[str]:
    """Return every fault of the sources, the model and the apps, each against the schema of an open store."""
    found: list[str] = []
    with store.reader() as cursor:
        for path in sorted(queries.glob("sources/*/source.toml")):
            found += _file(path, lambda document: _source(document, cursor))
        read: list[Model] = []
        found += _file(queries / "model.toml", lambda document: read.append(_model(document, cursor)))
        keys: dict[str, str] = {}
        for path in sorted(queries.glob("apps/*/app.toml")) if read else ():
            found += _file(path, lambda document: _app(document, cursor, read[0], keys))
    return found


def _file(path: Path, check: Callable[[Document], None]) -> list[str]:
    try:
        document = Document(path)
    except (Faults, OSError) as error:
        return list(error.found) if isinstance(error, Faults) else [f"{path}: {error.strerror}"]
    with suppress(Faults):
        check(document)
    return document.faults


def _source(document: Document, cursor: Cursor) -> None:
    """Note what is wrong with a source's words, and with its staging SQL: each statement must bind to what it reads."""
    sources.read(document)
    document.done()
    folder = document.path.parent
    with TemporaryDirectory() as room:
        staged = {}
        for name, columns in document.body.get("staged", {}).items():
            staged[name] = Path(room) / name
            body = ", ".join(f"{column} {sources.TYPES[type]}" for column, type in columns.items())
            sql.run(cursor, sql.text("engine/staged").format(name=name, columns=body, file=staged[name]))
        for path in sorted(folder.glob("*.sql")):
            text = path.read_text(encoding="utf-8")
            file = next((str(staged[name]) for name in staged if path.stem.endswith(name)), None)
            begun = 0
            try:
                for statement in cursor.extract_statements(text):
                    begun = text.index(statement.query, begun)
                    given = {name: file if name == "file" else None for name in statement.named_parameters}
                    sql.run(cursor, sql.text("engine/explain").format(statement=statement.query), given)
            except Failure as error:
                document.faults.append(f"{path}:{_line(text, error, begun, above=1)}: {_words(error)}")


def _model(document: Document, cursor: Cursor) -> Model:
    """Return the model of a document, with what the schema hasn't noted; raises Faults if it can't be asked of."""
    read = reading.read(document)
    document.done()
    columns: dict[str, dict[str, str]] = {}
    for name in read.facts:
        try:
            columns[name] = {column: str(type) for column, type, *_ in _run(cursor, "columns", fact=name).description}
        except _WRONG as error:
            document.blame(("fact", name), _words(error))
    document.done()

    def there(at: Place, fact: str, column: str, type: str = "") -> None:
        for part in filter(None, (part.strip() for part in column.split(","))):
            if part not in columns[fact]:
                document.blame(at, str(unknown(f"column of {fact}", part, columns[fact])))
            elif not re.fullmatch(_STORED.get(type, ".*"), columns[fact][part]):
                document.blame(at, f"is said to be of type {type}, and column {part} of {fact} is {columns[fact][part]}")

    for name, fact in read.facts.items():
        for key in ("key", "time", "ended"):
            there(("fact", name, key), name, getattr(fact, key))
        for short, field in fact.fields.items():
            there(("fact", name, "field", short), name, field.column, field.type)
            there(("fact", name, "field", short), name, field.order)
            there(("fact", name, "field", short), name, field.label)
            document.tried(("fact", name, "field", short), lambda field=field: known.closed(cursor, field))  # type: ignore[misc]
        for column, other, at_other in fact.names:
            there(("fact", name, "names"), name, column)
            there(("fact", name, "names", column), other, at_other)
        for key, measure in fact.measures.items():
            try:
                _run(cursor, "measured", measure=measure.sql, fact=name, rows=measure.rows or "true")
            except _WRONG as error:
                document.blame(("fact", name, "measure", key), _words(error))
    for name, detail in read.details.items():
        try:
            columns[name] = {column: str(type) for column, type, *_ in _run(cursor, "columns", fact=name).description}
        except _WRONG as error:
            document.blame(("detail", name), _words(error))
            continue
        for column, other, at_other in (*detail.of, *detail.names):
            there(("detail", name), name, column)
            there(("detail", name), other, at_other)
    for link, spec in document.body.get("link", {}).items():
        for short in spec.get("field", ()):
            document.tried(("link", link, "field", short), lambda short=short: known.closed(cursor, read.shared[short][0]))  # type: ignore[misc]
            for fact_name, column in read.shared[short][1].items():
                there(("link", link, "field", short), fact_name, column, read.shared[short][0].type)
                there(("link", link, "field", short), fact_name, read.shared[short][0].label)
        for end in ("from", "to") if "from" in spec else ():
            there(("link", link, f"{end}_key"), spec[end], spec[f"{end}_key"])
    document.done()
    return read


def _app(document: Document, cursor: Cursor, read: Model, keys: dict[str, str]) -> None:
    """Note what is wrong with an app's words, and with its panels: each is asked with nothing and with everything selected.

    `keys` are those of the apps before it.
    """
    app = apps.read(document, document.path.parent, read)
    if app.app.key in keys:
        document.blame(("key",), f"{app.app.key!r} opens {keys[app.app.key]} as well")
    keys |= {app.app.key: app.app.name} if app.app.key else {}
    for fact, clauses in app.base.items():
        _listed(document, ("base", fact), clauses, cursor, read)
    for n, plan in enumerate(app.plans.values()):
        _listed(document, ("panel", n, "given"), plan.given, cursor, read)
    document.done()
    for n, spec in enumerate(document.body["panel"]):
        plan = app.plans[spec["name"]]
        every: apps.Clauses = tuple(
            (field.name, Area((Box(-3, 51, -2, 52),)) if field.type == "area" else Values(frozenset((None,))))
            for field in read.fields.values()
        )
        shown = _shown(plan) if plan.spec.kind == "map" else [plan]
        for clauses, plan in ((clauses, each) for each in shown for clauses in ((), every)):
            context = Context(cursor, read, NOW, Selection(clauses), app.base, subject="none")
            told = len(document.faults)
            for key in ("sql", "markers"):
                if key in spec:
                    _own(document, ("panel", n, key), getattr(plan, key), plan, context)
            try:
                panels.answer(plan, context)
            except _WRONG as error:
                if len(document.faults) == told:
                    names = [each.layer for each in app.plans[spec["name"]].layers]
                    document.blame(("panel", n, *(("layers", names.index(plan.layer)) if plan.layer in names else ())), _words(error))
            if len(document.faults) > told:
                break


def _shown(plan: apps.Plan) -> list[apps.Plan]:
    """Return a map as it can be shown: each layer at each level, with squares and against earlier weeks where it has them."""
    made = []
    for layer in plan.layers or (plan,):
        for n, level in enumerate(plan.spec.levels):
            wanted = Shown(plan.spec.name, layer.layer, level, None if n else (0.01, 0.01), bool(layer.weeks) and not n)
            made.append(maps.chosen(plan, (wanted,)))
    return made


def _listed(document: Document, at: Place, clauses: apps.Clauses, cursor: Cursor, read: Model) -> None:
    """Note the values that their fields can't have."""
    for name, clause in clauses:
        field = read.fields[name]
        document.tried(at, lambda field=field, clause=clause: known.listed(cursor, field, clause), field.short)  # type: ignore[misc]


def _own(document: Document, at: Place, text: str, plan: apps.Plan, context: Context) -> None:
    """Note what is wrong with a panel's own SQL: that it fails, or hasn't the columns that the panel speaks of."""
    spec = document.body["panel"][at[1]]
    path = document.path.parent / f"{spec[at[-1]]}.sql"
    try:
        names = [each[0] for each in context.own(plan, text).description]
    except _WRONG as error:
        document.faults.append(f"{path}:{_line(text, error)}: panel {spec['name']!r}: {_words(error)}")
        return
    for name in judged.beyond(context.cursor, text, context.model):
        document.faults.append(f"{path}:{_line(text, Failure(f'name {name}'))}: panel {spec['name']!r}: {_BEYOND.format(name)}")
    columns = (*PROFILE, PERSON) if plan.personal else PROFILE
    if at[-1] == "sql" and plan.spec.kind == "profile" and tuple(names) != columns:
        document.faults.append(
            f"{path}:1: panel {spec['name']!r}: a profile{' of persons' * bool(plan.personal)} has the columns {', '.join(columns)}"
        )
    if at[-1] == "sql" and bool(plan.personal) != ("$named" in text):
        words = (
            "shows personal fields: it is to hide them unless $named" if plan.personal else "names persons: say which fields in `personal`"
        )
        document.faults.append(f"{path}:1: panel {spec['name']!r} {words}")
    for name, *_ in plan.columns if at[-1] == "sql" else ():
        if name not in names:
            document.blame((*at[:2], "columns"), str(unknown(f"column of {path.name}", name, names)), f'"{name}"')


def _run(cursor: Cursor, name: str, **identifiers: str) -> Cursor:
    return sql.select(cursor, sql.text(f"engine/{name}").format(**identifiers), {"now": NOW})


def _words(error: BaseException) -> str:
    """Return the first line of an error, with the names that it offers instead."""
    lines = str(error).splitlines() or [type(error).__name__]
    return "; ".join([lines[0], *(line for line in lines[1:2] if line.startswith(("Candidate", "Did you mean")))])


def _line(text: str, error: BaseException, begun: int = 0, above: int = 0) -> int:
    """Return the line of a text that an error is about: as it says from where the statement began, else by the name it says.

    `above` is how many lines stood above the statement where it was run.
    """
    if said := re.search(r"^LINE (\d+):", str(error), re.MULTILINE):
        return text.count("\n", 0, begun) + int(said[1]) - above
    names = [name for found in _NAMED.findall(str(error).splitlines()[0]) for name in found if name]
    lines = enumerate(text.splitlines(), 1)
    return next((n for n, line in lines if any(re.search(rf"\b{name}\b", line.partition("--")[0]) for name in names)), 1)
