"""The reason for looking at personal data, as the command line gives it."""

from __future__ import annotations

import argparse

from console.desk.desk import Desk, Viewer
from console.desk.reason import ReasonWanted, read


def explain(desk: Desk, viewer: Viewer, options: argparse.Namespace) -> None:
    """Have the Desk know why, where --reason says it. Raises ValueError."""
    if options.reason:
        desk.explain(viewer, read(options.reason, desk.reasons(viewer), options.case))
    elif options.case:
        raise ValueError("--case goes with --reason")


def wanted(error: ReasonWanted) -> Exception:
    """Return what is wanted, with how to give it here."""
    return ValueError(f"{error}: --reason 'incident ...' --case REF (docs/audit.md lists the reasons)")
