"""A backup brought back: seen to be whole and of a program that this one can follow, before anything is put in its place."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from console import __version__
from console.store import connecting, faults, lasting, log, sql
from console.store.backup import CHUNK, FORMAT, Manifest, counted, inspect, manifest_beside
from console.store.faults import Failure, StoreError

Progress = Callable[[str, float], None]


def read_manifest(copy: Path) -> Manifest:
    """Return what a backup's manifest says. Raises StoreError if there is none, or this program can't follow it."""
    path = manifest_beside(copy)
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except FileNotFoundError:
        raise StoreError(f"{copy} has no manifest, {path.name}, beside it: it is no backup, or not a whole one") from None
    except (OSError, msgspec.MsgspecError) as error:
        raise StoreError(f"{path} can't be read ({error}): without it nobody knows whether {copy.name} is whole") from error
    newest = sql.migrations()[-1][0]
    if manifest.format != FORMAT or manifest.schema > newest:
        raise StoreError(
            f"{copy} is of console {manifest.program} (schema {manifest.schema}); this is console {__version__} (schema {newest}), "
            "which can't read it. Nothing was touched: use the newer program"
        )
    return manifest


def restore(copy: Path, data: Path, *, replace: bool, progress: Progress = lambda words, share: None) -> tuple[Manifest, Path | None]:
    """Put a backup in a data file's place; return its manifest, and where the file that was there is now, with all that was beside it.

    Raises StoreError; then the file that is there stays.
    """
    manifest = read_manifest(copy)
    there = [path for path in (data, log.beside(data)) if path.exists()]
    if there and not replace:
        raise StoreError(f"{there[0]} is there already; nothing was touched. Name another file, or add --replace, which keeps it aside")
    new = data.with_name(f"{data.name}.new-{os.getpid()}")
    try:
        data.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _brought(copy, manifest, new, progress)
        inspect(new, lambda share: progress("reading it back", 0.6 + 0.3 * share))
        _agrees(new, manifest)
        aside = _set_aside(data) if there else None
        lasting.give_name(new, data)
    except FileExistsError:
        raise StoreError(f"{data} came to be there meanwhile; it was left as it is") from None
    except (OSError, Failure) as error:
        raise faults.using(data, error) from error
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)
    return manifest, aside


def _brought(copy: Path, manifest: Manifest, new: Path, progress: Progress) -> None:
    digest, size = hashlib.sha256(), 0
    with copy.open("rb", buffering=0) as file, new.open("xb") as out:
        os.fchmod(out.fileno(), 0o600)
        while part := file.read(CHUNK):
            digest.update(part)
            out.write(part)
            size += len(part)
            progress(f"copying {copy}", 0.6 * min(1.0, size / manifest.bytes))
        out.flush()
        os.fsync(out.fileno())
    if (size, digest.hexdigest()) != (manifest.bytes, manifest.sha256):
        raise StoreError(f"{copy} isn't as its manifest says (its bytes or their SHA-256 differ): it is damaged. Nothing was touched")


def _agrees(new: Path, manifest: Manifest) -> None:
    with connecting.attached(new, read_only=True) as held:
        ((version, stamp),) = sql.rows(held, "store/version")
        rows = counted(held)
    if (version, stamp or "", rows) != (manifest.data_version, manifest.stamp, manifest.rows):
        raise StoreError(f"{new} doesn't hold what its manifest says. Nothing was touched")


def _set_aside(data: Path) -> Path:
    """Give a file that nobody has open, and all that is beside it, another name; return that of the file. Raises StoreError."""
    if data.exists():
        file = os.open(data, os.O_RDWR)
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreError(f"{data} is in use by another process; nothing was touched. Close it first") from None
        finally:
            os.close(file)
    aside = data.with_name(f"{data.name}.replaced-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}")
    for beside in (lambda path: path, log.beside, lasting.mark_beside, lasting.kept_beside):
        with suppress(FileNotFoundError):
            os.rename(beside(data), beside(aside))
    lasting.settle(data.parent)
    return aside
