"""Where files lie: the project's own `queries/` and `data/`, in a checkout or the wheel, and the data file."""

import os
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


def default_file() -> Path:
    """Return where the data file lies unless told otherwise: `$XDG_DATA_HOME/console/console.duckdb`."""
    return _own() / "console.duckdb"


def exports() -> Path:
    """Return where files are exported to unless told otherwise: `$XDG_DATA_HOME/console/exports`."""
    return _own() / "exports"


def hub_socket(data: Path) -> Path:
    """Return where the hub of a data file serves unless told otherwise: in `$XDG_RUNTIME_DIR`, else beside the file."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    return Path(runtime) / "console-hub.sock" if runtime else data.with_suffix(".sock")


def _own() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "console"
