"""Where the real open data lies for tests: CONSOLE_TEST_DATA, else ../shared/data beside the checkout."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def real(*parts: str) -> Path:
    """Return a path in the real data; where it is absent the test fails in CI, and is skipped elsewhere, saying so."""
    path = Path(os.environ.get("CONSOLE_TEST_DATA") or ROOT.parent / "shared" / "data").joinpath(*parts)
    if not path.exists():
        words = f"real data absent: {path} (set CONSOLE_TEST_DATA)"
        if os.environ.get("CI") == "true":
            pytest.fail(words)
        pytest.skip(words)
    return path
