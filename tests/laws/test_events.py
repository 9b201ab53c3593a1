"""The event list in docs/ and the code say the same."""

from __future__ import annotations

from pathlib import Path

from msgspec import inspect

from console.feed.events import KINDS

LISTED = Path(__file__).resolve().parents[2] / "docs" / "events.md"
TYPES = {
    inspect.StrType: "text",
    inspect.FloatType: "number",
    inspect.IntType: "whole number",
    inspect.DateTimeType: "instant",
    inspect.BoolType: "true/false",
    inspect.VarTupleType: "list of text",
    inspect.LiteralType: "text",
}


def rows() -> list[str]:
    """Return the tables of docs/events.md as the code has them: a row a kind, then a row a field of each."""
    kinds = [f"| `{kind}` | {(type.__doc__ or '').strip()} |" for kind, type in KINDS.items()]
    return kinds + [row(kind, field) for kind, type in KINDS.items() for field in fields(type)]


def fields(type: type) -> tuple[inspect.Field, ...]:
    told = inspect.type_info(type)
    assert isinstance(told, inspect.StructType)
    return told.fields


def row(kind: str, field: inspect.Field) -> str:
    inner = field.type.types[0] if isinstance(field.type, inspect.UnionType) else field.type
    words, bare = "", inner
    if isinstance(inner, inspect.Metadata):
        words, bare = (inner.extra_json_schema or {}).get("description", ""), inner.type
    if isinstance(bare, inspect.LiteralType):
        words = ", ".join(sorted(map(str, bare.values)))
    if isinstance(bare, inspect.IntType) and bare.ge is not None:
        words = f"{bare.ge} to {bare.le}" if bare.le is not None else f"{bare.ge} or more"
    return f"| `{kind}` | `{field.name}` | {TYPES[type(bare)]} | {'yes' if field.required else 'no'} | {words} |"


def test_the_list_is_the_code() -> None:
    """Every kind with its meaning, and every field with its type, whether it must be there and what is allowed; nothing else."""
    assert [line for line in LISTED.read_text(encoding="utf-8").splitlines() if line.startswith("| `")] == rows()
