"""How a hub stands, said to whoever looks after it, and by an exit status to what watches it."""

from __future__ import annotations

import dataclasses
import json
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from console.desk.answer import SourceState
from console.desk.desk import Away, Failed
from console.hub.client.reaching import reached
from console.hub.protocol.standing import Feed, Kept, Standing

WELL, AMISS, ABSENT = 0, 1, 3
WAITS = 10.0  # seconds for a hub that is there to answer
SCARCE = 512_000_000  # bytes free beside the log's own below which a disk is nearly full: a checkpoint writes what the log holds


def run(path: Path, *, as_json: bool) -> int:
    """Print how the hub at a socket stands; return 0 if well, 1 if something is stale or failing, 3 if no hub is there."""
    if not _listens(path):
        print(json.dumps({"hub": str(path), "absent": True}) if as_json else f"no hub at {path}")
        return ABSENT
    try:
        desk = reached(path, WAITS)
        try:
            standing = desk.status()
            standing = dataclasses.replace(standing, clients=standing.clients - 1)  # this one is none
        finally:
            desk.close()
    except (OSError, Away, Failed) as error:
        print(json.dumps({"hub": str(path), "amiss": [str(error)]}) if as_json else f"{path}: {error}")
        return AMISS
    now = datetime.now(UTC).replace(tzinfo=None)
    faults = amiss(standing)
    print(_json(path, standing, faults) if as_json else text(path, standing, faults, now))
    return AMISS if faults else WELL


def _listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as made:
        made.settimeout(WAITS)
        try:
            made.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        except OSError:
            return True
    return True


def amiss(standing: Standing) -> list[str]:
    """Return what is stale or failing, a sentence each."""
    kept = standing.kept
    if kept is None:
        return []
    said = [f"nothing can be stored: {kept.failure}"] if kept.failure else []
    if kept.free < SCARCE + kept.log:
        said.append(f"the disk is nearly full: {_bytes(kept.free)} free")
    said += [f"{each.title} is stale: no news for{_age(each)}" for each in kept.sources if each.stale]
    said += [f"{each.name}: {each.failure}" for each in kept.feeds if each.failure]
    return said


def text(path: Path, standing: Standing, faults: list[str], now: datetime) -> str:
    """Return it for a person."""
    up = (now - standing.since).total_seconds()
    lines = [
        f"hub {standing.program} at {path}, process {standing.process}, up {duration(up)}: {'something is amiss' if faults else 'well'}",
        *(f"  ! {each}" for each in faults),
        f"  clients {standing.clients:,} ({standing.dropped:,} let go, {standing.refused:,} not let in); "
        f"{standing.waiting:,} questions wait, {standing.running:,} run",
        f"  answers p50 {standing.p50_ms:.0f} ms, p95 {standing.p95_ms:.0f} ms; {standing.computed:,} worked out, "
        f"{standing.shared:,} shared, {standing.overdue:,} overdue",
        f"  memory {_bytes(standing.resident)}, sent {_bytes(standing.bytes_out)}",
    ]
    if kept := standing.kept:
        lines += [
            f"  {kept.file}: {_bytes(kept.size)}, log {_bytes(kept.log)}, disk free {_bytes(kept.free)}; data version {kept.version:,}"
        ]
        lines += [_source(each) for each in kept.sources]
        lines += [_feed(each, now) for each in kept.feeds]
    return "\n".join("".join(each if each.isprintable() else "?" for each in line) for line in lines)


def _source(source: SourceState) -> str:
    heard = f"last heard{_age(source)} ago" if source.age_s is not None else "never heard"
    said = f"  source {source.name}: {heard}{', STALE' if source.stale else ''}{'' if source.live else ', not live'}"
    missing = f", {source.gaps:,} {'earlier events to come' if source.filling else 'missing'}" if source.gaps > 0 else ""
    return said + missing + (f", {source.quarantined:,} quarantined" if source.quarantined else "")


def _feed(feed: Feed, now: datetime) -> str:
    noun = {"tcp": "senders", "unix": "senders", "file": "files"}.get(feed.kind, "")
    heard = f"last line {duration((now - feed.heard_at).total_seconds())} ago" if feed.heard_at else "nothing yet"
    said = [f"{feed.connected:,} {noun}" if noun else "", heard, f"lag {duration(feed.lag_s)}" if feed.lag_s is not None else ""]
    said += [f"{feed.lines:,} lines", f"{feed.events:,} events", f"{feed.duplicates:,} held already", f"{feed.quarantined:,} quarantined"]
    said += [f"{feed.waiting:,} waiting", f"{_bytes(feed.behind)} behind" if feed.behind else "", feed.failure]
    reached = ", ".join(f"{source} {sequence}" for source, sequence in feed.acknowledged[:8])
    more = f" and {len(feed.acknowledged) - 8:,} more" if len(feed.acknowledged) > 8 else ""
    return f"  feed {feed.name}: {', '.join(each for each in said if each)}" + (f"; acknowledged {reached}{more}" if reached else "")


def _age(source: SourceState) -> str:
    return "" if source.age_s is None else f" {duration(source.age_s)}"


def duration(seconds: float) -> str:
    """Return seconds in the two largest units: `45 s`, `12 min 5 s`, `3 h 12 min`, `2 d 4 h`."""
    left, said = int(max(0.0, seconds)), list[str]()
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        if left >= size or (unit == "s" and not said):
            said.append(f"{left // size} {unit}")
            left %= size
    return " ".join(said[:2])


def _bytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count / 1e3:.1f} kB"


def _json(path: Path, standing: Standing, faults: list[str]) -> str:
    def plain(value: Any) -> str:
        return f"{value.isoformat()}Z"

    told = {"hub": str(path), "amiss": faults, **dataclasses.asdict(standing)}
    kept: Kept | None = standing.kept
    if kept is not None:
        for each, feed in zip(told["kept"]["feeds"], kept.feeds, strict=True):
            each["acknowledged"] = dict(feed.acknowledged)
    return json.dumps(told, default=plain)
