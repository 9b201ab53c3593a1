"""Which panel draws which kind."""

from __future__ import annotations

from console.app.drawing import reader
from console.app.map.panel import Map
from console.app.panels import read
from console.app.panels.bars import Bars
from console.app.panels.panel import Panel
from console.app.panels.pivot import Pivot
from console.app.panels.profile import Profile
from console.app.panels.series import Series
from console.app.panels.table import Table
from console.desk.page import PanelSpec

KINDS: dict[str, type[Panel]] = {
    "bars": Bars,
    "pivot": Pivot,
    "series": Series,
    "map": Map,
    "table": Table,
    "profile": Profile,
}


READ: dict[str, type[Panel]] = {
    "bars": read.ReadBars,
    "pivot": read.ReadPivot,
    "series": read.ReadSeries,
    "map": read.ReadMap,
    "table": read.ReadTable,
    "profile": read.ReadProfile,
}


def make(spec: PanelSpec) -> Panel:
    """Return the panel of a spec's kind, as it is drawn or, in reader mode, read."""
    return (READ if reader.ON else KINDS)[spec.kind](spec)
