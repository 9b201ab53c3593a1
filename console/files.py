"""Where the project's own files lie: `queries/` and `data/`, in a checkout or in the installed wheel."""

from functools import cache
from pathlib import Path


@cache
def root() -> Path:
    """Return the folder that holds `queries/` and `data/`: the wheel's `console/_files`, else the checkout."""
    package = Path(__file__).resolve().parent
    for folder in (package / "_files", package.parent):
        if (folder / "queries").is_dir() and (folder / "data").is_dir():
            return folder
    raise FileNotFoundError(f"queries/ and data/ are neither in {package / '_files'} nor beside {package}")


def queries() -> Path:
    """Return the folder of every query, source and app."""
    return root() / "queries"


def data() -> Path:
    """Return the folder of reference tables and geography."""
    return root() / "data"
