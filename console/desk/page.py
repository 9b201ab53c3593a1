"""An app as a screen needs it: pages of panels and how they are laid out. No SQL, no colours."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Layer:
    """What a map can shade its places by: the title says it in words; `weeks` are those that a difference is reckoned against, or 0."""

    name: str
    title: str
    fact: str
    weeks: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """What a viewer has a map show: a layer by name, the level its places are of, and what else than the plain value.

    `square` is the side of the squares whose points are counted, in degrees of longitude and latitude from (0, 0), or None. With
    `difference` the value is set against what it was at the same hour of earlier weeks. "" stands for the first layer or level.
    """

    panel: str
    layer: str = ""
    level: str = ""
    square: tuple[float, float] | None = None
    difference: bool = False


@dataclass(frozen=True, slots=True)
class PanelSpec:
    """One panel of a page.

    `kind` is kpi, bars, pivot, series, map, table or profile. `key` is the letter that jumps to it. `fields` is a
    drill-down when `drill` is set, from the coarsest level. A map has `layers`, and `levels` of places, the finest first.
    """

    name: str
    title: str
    kind: str
    fact: str
    fields: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    drill: bool = False
    key: str = ""
    short: str = ""  # the tab's word on a narrow screen
    help: str = ""
    options: tuple[tuple[str, str], ...] = ()
    layers: tuple[Layer, ...] = ()
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A panel in a row of a layout and its share of the row's width."""

    panel: str
    weight: int = 1


@dataclass(frozen=True, slots=True)
class LayoutRow:
    """A row of a layout: its cells, and its share of the height (or exact lines, when `lines` is set)."""

    cells: tuple[Cell, ...]
    weight: int = 1
    lines: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """How a page lies on a screen: headline panels, then rows of panels (wide) or tabs (narrow, phone)."""

    headlines: tuple[str, ...]
    rows: tuple[LayoutRow, ...] = ()
    tabs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class App:
    """An app: its panels, its layouts by name (wide, narrow, phone), its leading fact and what the bar calls it."""

    name: str
    title: str
    fact: str
    noun: str
    panels: tuple[PanelSpec, ...]
    layouts: tuple[tuple[str, Layout], ...]
    key: str = ""  # the digit that opens it
    help: str = ""
    profiles: tuple[tuple[str, str], ...] = field(default=())  # field whose value opens a profile panel: (field, panel)

    def panel(self, name: str) -> PanelSpec:
        """Return the panel of that name; raises KeyError."""
        for panel in self.panels:
            if panel.name == name:
                return panel
        raise KeyError(name)

    def layout(self, name: str) -> Layout:
        """Return the layout of that name; raises KeyError."""
        return dict(self.layouts)[name]
