"""A head as text that can be kept elsewhere, and its signature, made and checked by OpenSSH with the keys that a force has already."""

from __future__ import annotations

import re
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from console.governance.chain import FORM, Head, instant

NAMESPACE = "console-audit"
_HEAD = re.compile(rf"^(?:{FORM}: )?\s*(\d+) (\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{{6}}Z) ([0-9a-f]{{64}})\s*$", re.M)
_SIGNATURE = re.compile(r"-----BEGIN SSH SIGNATURE-----\n.*?\n-----END SSH SIGNATURE-----\n?", re.S)
_SIGNER = "console"


class Unsigned(ValueError):
    """A head can't be signed, or its signature isn't good; the message says why."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A head that was kept elsewhere, with its signature ("" without one)."""

    head: Head
    signature: str = ""


def text(head: Head) -> str:
    """Return a head as one line, which is what is signed."""
    return f"{FORM}: {head.sequence} {instant(head.at)} {head.hash}\n"


def read(said: str) -> list[Kept]:
    """Return the heads in a text, each with the signature that follows it. Raises ValueError where there is none."""
    found = list(_HEAD.finditer(said))
    if not found:
        raise ValueError(f"no head of an audit in it: a line such as {FORM}: 12 2026-01-31T09:30:00.000000Z and 64 signs of a hash")
    made = []
    for match, after in zip(found, [*found[1:], None], strict=True):
        signature = _SIGNATURE.search(said, match.end(), after.start() if after else len(said))
        at = datetime.strptime(match[2], "%Y-%m-%dT%H:%M:%S.%fZ")
        made.append(Kept(Head(int(match[1]), match[3], at), signature[0] if signature else ""))
    return made


def sign(said: str, key: Path) -> str:
    """Return the signature of a text by a private key, or by the agent that has a public one's. Raises Unsigned."""
    if not key.is_file():
        raise Unsigned(f"{key}: no such key")
    return _run(["-Y", "sign", "-q", "-n", NAMESPACE, "-f", str(key)], said)


def check(kept: Kept, signer: Path | None) -> str:
    """Return in words whose signature a head bears; `signer` is a public key or a file of allowed signers. Raises Unsigned.

    Without one it is only found out that the signature is of this head, and by which key.
    """
    if not kept.signature:
        if signer is not None:
            raise Unsigned(f"the head of row {kept.head.sequence} isn't signed")
        return "not signed"
    with tempfile.TemporaryDirectory() as folder:
        signature = Path(folder) / "signature"
        signature.write_text(kept.signature, encoding="ascii")
        if signer is None:
            said = _run(["-Y", "check-novalidate", "-n", NAMESPACE, "-s", str(signature)], text(kept.head))
            return f"signed, by a key that --signer would check: {_by(said)}"
        allowed = Path(folder) / "allowed"
        body = signer.read_text(encoding="utf-8").strip()
        if body.startswith(("ssh-", "sk-", "ecdsa-")):
            body = f'{_SIGNER} namespaces="{NAMESPACE}" {body}'
        allowed.write_text(f"{body}\n", encoding="utf-8")
        names = {line.split()[0] for line in body.splitlines() if line.strip() and not line.startswith("#")}
        errors = []
        for name in sorted(names):
            try:
                return f"signed, and the signature is good: {_by(_verified(allowed, name, signature, kept))}"
            except Unsigned as error:
                errors.append(str(error))
    raise Unsigned(f"the signature of the head of row {kept.head.sequence} isn't good: {errors[0] if errors else 'no signer is named'}")


def _verified(allowed: Path, name: str, signature: Path, kept: Kept) -> str:
    return _run(["-Y", "verify", "-f", str(allowed), "-I", name, "-n", NAMESPACE, "-s", str(signature)], text(kept.head))


def _by(said: str) -> str:
    found = re.search(r"with (\S+ key \S+)", said)
    return found[1] if found else said.strip()


def _run(arguments: list[str], given: str) -> str:
    try:
        done = subprocess.run(["ssh-keygen", *arguments], input=given, capture_output=True, text=True, timeout=120)
    except FileNotFoundError:
        raise Unsigned("ssh-keygen isn't installed: Debian's package openssh-client has it") from None
    if done.returncode:
        raise Unsigned(next(iter((done.stderr or done.stdout).strip().splitlines()), f"ssh-keygen ended with {done.returncode}"))
    return done.stdout or done.stderr
