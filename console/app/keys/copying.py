"""What is copied to the clipboard, by the terminal (OSC 52): it goes as base64, so nothing in it is obeyed on the way."""

from __future__ import annotations

from collections.abc import Sequence

from console.app.drawing import bound, words
from console.app.export.cells import as_tabbed
from console.app.page import picked
from console.app.page.page import Page
from console.app.views.rows import RowsView
from console.desk.grammar import ZONE, typed

CLIP = 74_994  # bytes: as base64 no more than the 100,000 that terminals take
SAID = 40  # characters of what was copied that are said


def copy(page: Page, key: str) -> None:
    """Choose what to copy."""
    page.choosing = "copying"


def leave_choice(page: Page, key: str) -> None:
    """Leave what y and e offer."""


def copy_value(page: Page, key: str) -> None:
    """Copy what the cursor is on."""
    _clip(page, "the value", picked.value(page))


def copy_row(page: Page, key: str) -> None:
    """Copy the row under the cursor."""
    lines = as_tabbed(picked.row(page).rows, ZONE)
    _clip(page, "the row" if len(lines) == 1 else f"{len(lines)} rows", "\n".join(lines), lines)


def copy_panel(page: Page, key: str) -> None:
    """Copy all that the panel holds, under its header."""
    held, view = picked.table(page), page.view
    head = [f"{column.title} ({column.unit})" if column.unit else column.title for column in held.columns]
    lines = as_tabbed([head, *held.rows], ZONE)
    total = view.total or 0 if isinstance(view, RowsView) else 0
    of = f"{len(held.rows):,} of the {total:,}" if total > len(held.rows) else f"{len(held.rows):,}"
    _clip(page, f"{of} {'row' if of == '1' else 'rows'} of {words.clean(picked.title(page))}", "\n".join(lines), lines)


def copy_selection(page: Page, key: str) -> None:
    """Copy the selection as it is typed."""
    text = typed(page.sitting.selection)
    if words.harmless(text) != text:
        page.say("not copied: a selected value holds control characters, which no clipboard brings back", alarm=True)
    elif len(text.encode()) > CLIP:
        page.say(f"not copied: the selection takes {size(len(text.encode()))}, terminals take {size(CLIP)}", alarm=True)
    else:
        _clip(page, "the selection", text)


def _clip(page: Page, what: str, text: str, lines: Sequence[str] = ()) -> None:
    """Put a text on the clipboard, as much of it as terminals take; say what it is and how long."""
    text, kept = fitting(text, lines)
    held = picked.table(page) if len(lines) > 1 else picked.row(page)

    def clip() -> None:
        _clipped(page, what, text, bool(lines), kept)

    if picked.personal(page, held):  # it is recorded first
        leaving = picked.leaving(page, "copy", "clipboard", what, held)
        page.asking.disclose(leaving, clip, lambda said: page.say(said, alarm=True))
    else:
        page.asking.used("copy", f"{page.sitting.focus}: {what}")
        clip()


def _clipped(page: Page, what: str, text: str, rows: bool, kept: str) -> None:
    page.app.copy_to_clipboard(text)
    said = f"copied {what}, {len(text):,} character{'s' * (len(text) != 1)}"
    if not rows:
        said += f": {words.clean(text if len(text) <= SAID else text[:SAID] + '...')}"
    page.say(
        f"{said}; cut to {kept}, as terminals take {size(CLIP)}: {bound.key('export')} exports all" if kept else said, alarm=bool(kept)
    )


def fitting(text: str, lines: Sequence[str]) -> tuple[str, str]:
    """Return as much of a text as a clipboard takes, if it can be in whole lines, and in words what that is; "" if it is all."""
    if len(text.encode()) <= CLIP:
        return text, ""
    size = kept = 0
    for line in lines:
        size += len(line.encode()) + 1
        if size - 1 > CLIP:
            break
        kept += 1
    if kept:
        return "\n".join(lines[:kept]), f"the first {kept:,} of {len(lines):,} lines"
    made = text.encode()[:CLIP].decode("utf-8", "ignore")
    return made, f"the first {len(made):,} of {len(text):,} characters"


def size(count: int) -> str:
    """Return so many bytes in words."""
    return f"{count:,} bytes" if count < 10_000 else f"{count / 1000:,.0f} KB" if count < 10_000_000 else f"{count / 1e6:,.0f} MB"
