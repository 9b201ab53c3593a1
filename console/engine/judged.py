"""What a panel's own SQL reads, judged: only what a section can stand before may be named in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from console.engine.apps import AppPlan
from console.engine.model import Model
from console.store import sql
from console.store.database import Cursor

PLAIN = frozenset(("unnest", "range", "generate_series"))
UNREAD = "something that can't be judged"
HELD = "held_"


def refused(cursor: Cursor, apps: Mapping[str, AppPlan], model: Model) -> frozenset[str]:
    """Return the texts of panels' own SQL that can't be kept within a section."""
    texts = {text for app in apps.values() for plan in app.plans.values() for text in (plan.sql, plan.markers) if text}
    return frozenset(text for text in texts if beyond(cursor, text, model))


def beyond(cursor: Cursor, text: str, model: Model) -> list[str]:
    """Return what a SELECT names beside facts, details, tables of `ref`, its own expressions and lists, as it is written.

    That can't be kept within a section.
    """
    ((told,),) = sql.rows(cursor, "engine/section/named", {"statement": text})
    tree = json.loads(told)
    if tree.get("error"):
        return [UNREAD]
    return sorted(set(_beyond(tree, frozenset(), frozenset((*model.facts, *model.details)))))


def _beyond(tree: Any, own: frozenset[str], facts: frozenset[str]) -> Iterator[str]:
    """Yield what is named beyond; `own` are the statement's own expressions that are seen here, each by those after it alone."""
    if isinstance(tree, list):
        for each in tree:
            yield from _beyond(each, own, facts)
    if not isinstance(tree, dict):
        return
    if isinstance(of := tree.get("cte_map"), dict):
        for each in of.get("map", ()):
            name, node = each["key"], each["value"]
            itself = {name} if node.get("query", {}).get("node", {}).get("type") == "RECURSIVE_CTE_NODE" else set()
            yield from _beyond(node, own | itself, facts)
            own = own | {name.lower()}
    type = tree.get("type")
    if type == "SHOW_REF":
        yield "a description of tables"
    elif type == "BASE_TABLE":
        yield from _table(tree, own)
    elif type == "TABLE_FUNCTION":
        catalog, schema, name = (tree["function"].get(part, "") for part in ("catalog", "schema", "function_name"))
        if catalog or schema or name.lower() not in PLAIN | facts:
            yield f"{_written(catalog, schema, name)}()"
    for key, each in tree.items():
        if key != "cte_map":
            yield from _beyond(each, own, facts)


def _table(node: dict[str, Any], own: frozenset[str]) -> Iterator[str]:
    catalog, schema, name = node["catalog_name"], node["schema_name"], node["table_name"]
    public = schema == "ref" and not catalog
    if not public and (schema or catalog or name.lower() not in own or name.lower().startswith(HELD)):
        yield _written(catalog, schema, name)


def _written(*parts: str) -> str:
    return ".".join(each for each in parts if each)
