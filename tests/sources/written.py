"""Rows in the published form, written by hand for tests, and a way to look at what became of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from console.feed.police_uk.reading import COLUMNS
from console.store.database import Store

HEAD = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context"
OUTCOMES = HEAD.replace("Crime type,Last outcome category,Context", "Outcome type")
SEARCHES = ",".join(COLUMNS["stop-and-search"])
FORCE = "Avon and Somerset Constabulary"


def row(
    crime: str = "", month: str = "2024-02", lon: str = "-2.595", lat: str = "51.454", place: str = "On or near High Street",
    lsoa: str = "Bristol 001A", kind: str = "Burglary", outcome: str = "Under investigation", force: str = FORCE,
) -> str:  # fmt: skip
    return f"{crime},{month},{force},{force},{lon},{lat},{place},E01014485,{lsoa},{kind},{outcome},"


def search(date: str = "2024-02-03T10:00:00+00:00", lat: str = "51.454", lon: str = "-2.595", linked: str = "") -> str:
    law = "Misuse of Drugs Act 1971 (section 23)"
    return f"Person search,{date},,,{lat},{lon},Male,over 34,,White,{law},Controlled drugs,Arrest,{linked},False"


def write(path: Path, *rows: str | bytes, head: str = HEAD) -> Path:
    body = b"\n".join([head.encode(), *(each if isinstance(each, bytes) else each.encode() for each in rows)])
    path.write_bytes(body + b"\n")
    return path


def told(store: Store, query: str) -> list[tuple[Any, ...]]:
    with store.reader() as cursor:
        return cursor.execute(query).fetchall()
