"""What can be wrong with the model and the apps before anyone opens them, said with the file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from console.desk.desk import Unknown
from console.desk.selection import Selection
from console.engine import apps, model, panels, sources
from console.engine.context import Context
from console.store.database import Failure, Store


def ambiguities(read: model.Model) -> list[str]:
    """Return, for each fact and field with more than one default route, a sentence that names the links."""
    found = []
    for fact in read.facts:
        for field in read.fields.values():
            links = [
                link.name
                for link in read.links.values()
                if link.to_fact == fact and field.fact == link.from_fact and field.short in link.carries
            ]
            if len(links) > 1:
                found.append(f"{field.name} reaches {fact} by {' and '.join(links)}: leave it to one, or name `through`")
    return found


def faults(store: Store, queries: Path) -> list[str]:
    """Return every fault of the model, the sources and the apps, each against the schema of an open store."""
    path = queries / "model.toml"
    try:
        read = model.load(path)
        sources.described(queries / "sources")
    except ValueError as error:
        return [str(error)]
    found = [f"{path}: {words}" for words in ambiguities(read)]
    with store.reader() as cursor:
        now = datetime(2026, 1, 1)
        for fact in read.facts.values():
            columns = {each[0] for each in cursor.execute(f"from {fact.name}($now) limit 0", {"now": now}).description}
            wanted = {fact.key, *(name for each in read.fields_of(fact.name) for name in _columns(read, fact.name, each.name))}
            found += [f"{path}: {fact.name} has no column {name}" for name in sorted(wanted - columns)]
            for name in fact.columns:
                try:
                    read.field(name, fact.name)
                except Unknown as error:
                    found.append(f"{path}: columns of {fact.name}: {error}")
        for folder in sorted(each.parent for each in (queries / "apps").glob("*/app.toml")):
            try:
                app = apps.load(folder, read)
            except (ValueError, Unknown) as error:
                found.append(f"{folder / 'app.toml'}: {error}")
                continue
            context = Context(cursor, read, now, Selection(), app.base, subject="none")
            for name, plan in app.plans.items():
                try:
                    panels.answer(plan, context)
                except (Failure, ValueError, KeyError, TypeError, Unknown) as error:
                    found.append(f"{folder / 'app.toml'}: panel {name}: {str(error).splitlines()[0]}")
    return found


def _columns(read: model.Model, fact: str, field: str) -> list[str]:
    route = read.route(fact, field)
    return [] if route is None else [part.strip() for part in route.column.split(",")]
