"""What a viewer has a map show and how: the layer, level and squares that are asked for, the symbol, names and markers."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from console.app.map import raster
from console.app.map.palette import Palette
from console.desk.page import Layer, PanelSpec, Shown

SIDES = (100, 250, 500, 1000, 2500, 5000, 10_000, 25_000)  # metres of a square whose points are counted
NAMES, ROADS, BARE = NAMED = ("names", "names and roads", "no names")


@dataclass(frozen=True, slots=True)
class Look:
    """What a sheet is asked for: the view, the level of places, the symbol they are drawn by, and whether with roads."""

    view: raster.View
    level: str
    symbol: str
    roads: bool = False


class Choice:
    """The choice of one map panel."""

    def __init__(self, spec: PanelSpec, palette: Palette) -> None:
        """Show the first layer of the first level, with markers and names."""
        self.spec, self.shown = spec, Shown(spec.name)
        self.symbols, self.symbol = palette.symbols, palette.symbols[0]
        self.markers, self.named = True, NAMES

    @property
    def layer(self) -> Layer | None:
        """The layer shown, or None where there is only one without a name."""
        layers = self.spec.layers
        return next((each for each in layers if each.name == self.shown.layer), layers[0] if layers else None)

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels of places that there are."""
        return self.spec.levels or self.spec.fields[:1] or ("beat",)

    @property
    def level(self) -> str:
        """The level shown."""
        return self.shown.level or self.levels[0]

    @property
    def by_squares(self) -> bool:
        """Whether squares are shaded and not places."""
        return self.shown.square is not None

    @property
    def against(self) -> bool:
        """Whether what is shaded is a difference."""
        return self.shown.difference

    @property
    def title(self) -> str:
        """The layer and what it is shown by, in words; the panel's own title for what it shows at first."""
        if self.layer is None or self.shown == Shown(self.spec.name):
            return self.spec.title
        where = "by square" if self.by_squares else f"by {self.level}"
        return f"{self.spec.title.partition(':')[0]}: {self.layer.title} {where}{', against before' if self.against else ''}"

    def layer_by(self, by: int) -> Shown:
        """Return what shows the layer so many further on."""
        layers = self.spec.layers
        at = layers.index(self.layer) if self.layer in layers else 0
        other = layers[(at + by) % len(layers)]
        return replace(self.shown, layer=other.name, difference=self.against and other.weeks > 0)

    def next_level(self) -> Shown:
        """Return what shows the next coarser level, or the finest again."""
        return replace(self.shown, level=self.levels[(self.levels.index(self.level) + 1) % len(self.levels)])

    def squares(self, view: raster.View, lat: float) -> Shown:
        """Return what shows squares that suit a view: a cell or more across, the same everywhere, square at a latitude."""
        up = metres(view) / raster.METRES
        return replace(self.shown, square=(round(up / math.cos(math.radians(lat)), 9), round(up, 9)), difference=False)

    def places(self) -> Shown:
        """Return what shows places."""
        return replace(self.shown, square=None)

    def difference(self) -> Shown:
        """Return what shows the difference, or doesn't any more."""
        return replace(self.shown, square=None, difference=not self.against)

    def next_symbol(self) -> None:
        """Draw by the next symbol."""
        self.symbol = self.symbols[(self.symbols.index(self.symbol) + 1) % len(self.symbols)]

    def next_named(self) -> None:
        """Show names, then roads too, then neither."""
        self.named = NAMED[(NAMED.index(self.named) + 1) % len(NAMED)]


def metres(view: raster.View) -> int:
    """Return the side of the squares that suit a view."""
    return next((side for side in SIDES if side >= view.metres), SIDES[-1])
