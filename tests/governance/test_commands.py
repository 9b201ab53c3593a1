"""The command line of the audit and of extracts, and the worked example of the documentation."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest

from console import cli
from console.store.database import open_store
from tests.governance.force import made

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = Path(tmp_path_factory.mktemp("commands")) / "a.duckdb"
    made(path).close()
    return path


def run(capsys: pytest.CaptureFixture[str], data: Path, *words: str) -> tuple[int, str]:
    """Return the exit status and all that was printed."""
    status = (
        cli.main([words[0], "--data", str(data), *words[1:]])
        if words[0] != "audit"
        else cli.main(["audit", "--data", str(data), *words[1:]])
    )
    said = capsys.readouterr()
    return status, said.out + said.err


def test_ask_with_and_without_a_reason(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Names are hidden, refused to count by, and given for a reason; a CSV of them is a disclosure; the audit lists all that."""
    status, said = run(capsys, data, "ask", "officer", "--rows", "--limit", "2")
    assert (status, said.count("(hidden)")) == (0, 2)
    assert "hidden until --reason and --case" in said
    status, said = run(capsys, data, "ask", "officer", "--by", "officer_name")
    assert status == 2
    assert "a reason is wanted to see Officer's name: --reason" in said
    status, said = run(
        capsys, data, "ask", "officer", "--rows", "--limit", "2", "--reason", "incident who went", "--case", "J-5", "--format", "csv"
    )
    assert status == 0
    assert "(hidden)" not in said
    status, said = run(capsys, data, "audit", "list", "--case", "J-5")
    assert status == 0
    assert [re.search(r"(\w+): (\w+) officer", line)[0] for line in said.splitlines()] == [  # type: ignore[index]
        "disclosure: export officer", "consultation: rows officer",
    ]  # fmt: skip
    assert "incident J-5 who went" in said
    status, said = run(capsys, data, "audit", "list", "--kind", "consultation", "--limit", "1")
    assert "audit list; --case J-5" not in said.splitlines()[0]  # its own row is the newest
    assert "audit list" in said


def test_heads_are_signed_and_checked(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A head kept elsewhere, signed, verifies later; one of somebody else, or changed, or of a cut audit doesn't."""
    run(capsys, data, "audit", "list")
    for name in ("key", "other"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / name)], check=True)
    status, head = run(capsys, data, "audit", "head", "--sign", str(tmp_path / "key"))
    assert status == 0
    (tmp_path / "head").write_text(head)
    run(capsys, data, "audit", "list")
    signer = ("--signer", str(tmp_path / "key.pub"))
    status, said = run(capsys, data, "audit", "verify", "--head", str(tmp_path / "head"), *signer)
    assert (status, "the signature is good" in said, "as it was written" in said) == (0, True, True)
    assert run(capsys, data, "audit", "verify", "--head", head.splitlines()[0])[0] == 0
    status, said = run(capsys, data, "audit", "verify", "--head", str(tmp_path / "head"), "--signer", str(tmp_path / "other.pub"))
    assert (status, "isn't good" in said) == (1, True)
    later = head.replace(head.split()[3], str(int(head.split()[3]) + 500), 1)
    status, said = run(capsys, data, "audit", "verify", "--head", later, *signer)
    assert (status, "isn't good" in said, "the end is cut off" in said) == (1, True, True)
    store = open_store(data)
    with store.write(set()) as cursor:
        cursor.execute("update base.audit set viewer = 'eve' where sequence = 1")
    store.close()
    status, said = run(capsys, data, "audit", "verify", "--head", str(tmp_path / "head"), *signer)
    assert (status, "from row 1 on: the row isn't as it was written" in said) == (1, True)


def test_the_documentations_example(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """docs/extract.md: its command makes the file that its SQL and its Polars read, and both say the same."""
    text = (ROOT / "docs" / "extract.md").read_text(encoding="utf-8")
    command = next(line for line in re.findall(r"^console extract .*$", text, re.M) if ".duckdb" in line)
    monkeypatch.chdir(tmp_path)
    status, said = run(capsys, data, *shlex.split(command)[1:])
    assert status == 0, said
    (file,) = tmp_path.glob("*.duckdb")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.S)
    named = re.search(r'"([^"]+\.duckdb)"', code)
    assert named is not None
    scope: dict[str, object] = {}
    exec(code.replace(named[1], str(file)), scope)
    by_sql: Any = scope["by_sql"]
    assert by_sql == scope["by_polars"]
    assert sum(row[1] for row in by_sql) > 0
    assert sum(row[2] for row in by_sql) > 0
