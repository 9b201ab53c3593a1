"""Programs from Debian that some tests need beside Python."""

from __future__ import annotations

import os
import shutil

import pytest


def program(name: str, package: str = "") -> str:
    """Return where a program is; where it is absent the test fails in CI, and is skipped elsewhere, saying so."""
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if path is None:
        words = f"{name} is absent: apt-get install {package or name}"
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)
    return path
