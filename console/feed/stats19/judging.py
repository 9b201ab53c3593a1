"""Rows of text made rows of the store: typed, dated, placed, and every fault flagged; none is dropped."""

from __future__ import annotations

import polars as pl

from console.feed import grid, places
from console.feed.stats19 import codes
from console.feed.stats19.columns import CODED

ZONE = "Europe/London"
LIMITS = (20, 30, 40, 50, 60, 70)
MOST = {"vehicles": 999, "casualties": 999, "age": 120, "vehicle_age": 120, "deprivation": 10}
APART_M = 500.0  # the two ways of saying a place agree within this
_DEGREE_M = 111_195.0
_KEYS = {"collision": ("collision",), "vehicle": ("collision", "vehicle"), "casualty": ("collision", "vehicle", "casualty")}
_OWN_AREA = 52  # the force whose beats these are

_NUMBERS = {
    "collision": ("vehicles", "casualties", "road_number", "speed_limit"),
    "vehicle": ("age", "vehicle_age", "deprivation"),
    "casualty": ("age", "deprivation"),
}  # fmt: skip


def dated(text: pl.Expr) -> pl.Expr:
    """Return the day of a text as published (24/06/2023, or 2023-06-24), none where it is of no day of the files' years."""
    day = pl.coalesce(text.str.to_date("%d/%m/%Y", strict=False), text.str.to_date("%Y-%m-%d", strict=False))
    return pl.when(day.dt.year().is_between(1970, 2099)).then(day)


def judged(rows: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Return rows of a kind as the store keeps them, in the order of its columns; `of` and `in_year` stay beside them."""
    key = list(_KEYS[kind])
    rows = rows.with_columns(
        _when(pl.col("collision").is_null(), "no collision index", "f_index"),
        _when(pl.all_horizontal(pl.col(key).is_not_null()) & pl.struct(key).is_duplicated(), f"{kind} repeated", "f_repeated"),
        *(_code(name, variable) for name, variable in CODED[kind].items()),
        *(_unknown(name, variable) for name, variable in CODED[kind].items()),
        *(_whole(name).alias(name) for name in _NUMBERS[kind]),
        *(_wrong(name) for name in _NUMBERS[kind]),
        year=pl.col("in_year").cast(pl.Int64),
    )
    rows = rows.with_columns(_when(pl.col("year").is_null(), "no year", "f_year"))
    if kind != "vehicle":
        rows = rows.with_columns(_when(pl.col("severity").is_null() & pl.col("u_severity").is_null(), "no severity", "f_severity"))
        rows = _adjusted(rows)
    rows = rows.with_columns(dated_at=pl.datetime("year", 1, 1))
    if kind == "collision":
        rows = _placed(_timed(_limited(rows)))
    elif kind == "vehicle":
        rows = rows.with_columns(escooter=pl.col("escooter").replace_strict({"1": True, "0": False}, default=None, return_dtype=pl.Boolean))
    return _flagged(rows).select(*_KEPT[kind], "flags", "of", "in_year")


_KEPT = {
    "collision": (
        "line", "collision", "year", "force", "date", "occurred_at", "dated_at", "severity", "graded_injury", "vehicles", "casualties",
        "lon", "lat", "beat", "district", "road_class", "road_number", "road_type", "speed_limit", "junction", "junction_control",
        "crossing", "light", "weather", "surface", "hazard", "setting", "attended", "adjusted_serious", "adjusted_slight", "injury_based",
    ),
    "vehicle": (
        "line", "collision", "vehicle", "year", "force", "dated_at", "type", "manoeuvre", "impact", "purpose", "sex", "age", "age_band",
        "propulsion", "vehicle_age", "model", "escooter", "deprivation",
    ),
    "casualty": (
        "line", "collision", "vehicle", "casualty", "year", "force", "dated_at", "class", "severity", "graded_injury", "type", "sex", "age",
        "age_band", "pedestrian_location", "pedestrian_movement", "deprivation", "adjusted_serious", "adjusted_slight", "injury_based",
    ),
}  # fmt: skip


def _when(condition: pl.Expr, words: str, name: str) -> pl.Expr:
    return pl.when(condition).then(pl.lit(words)).alias(name)


def _number(name: str) -> pl.Expr:
    made = pl.col(name).cast(pl.Float64, strict=False)
    return pl.when(made.is_finite()).then(made)


def _integer(name: str) -> pl.Expr:
    made = _number(name)
    return pl.when((made == made.floor()) & (made.abs() < 1e9)).then(made).cast(pl.Int64)


def _code(name: str, variable: str) -> pl.Expr:
    known = [int(each) for each in codes.words(variable)]
    return pl.when(_integer(name).is_in(known)).then(_integer(name)).alias(name)


def _unknown(name: str, variable: str) -> pl.Expr:
    known = [int(each) for each in codes.words(variable)]
    known_or_none = pl.col(name).is_null() | _integer(name).is_in(known).fill_null(False)
    return _when(~known_or_none, f"unknown {name.replace('_', ' ')}", f"u_{name}")


def _whole(name: str) -> pl.Expr:
    made = _integer(name)
    return pl.when(made.is_between(0, MOST.get(name, 9999))).then(made)


def _wrong(name: str) -> pl.Expr:
    return _when(pl.col(name).is_not_null() & _whole(name).is_null(), f"impossible {name.replace('_', ' ')}", f"n_{name}")


def _limited(rows: pl.DataFrame) -> pl.DataFrame:
    """Take the code for an unknown speed limit away, and flag limits that no public road has."""
    limit = pl.col("speed_limit")
    odd = limit.is_not_null() & ~limit.is_in([*LIMITS, 99])
    return rows.with_columns(_when(odd, "speed limit of no public road", "f_limit"), speed_limit=pl.when(limit != 99).then(limit))


def _adjusted(rows: pl.DataFrame) -> pl.DataFrame:
    """Type the severity adjustment: chances of 0 to 1 that it would be serious, or slight, had it been recorded by its injuries.

    A fatal one has none to be adjusted: 0 and 0 where the others of its file have theirs.
    """
    names = "adjusted_serious", "adjusted_slight"
    there = rows.select(pl.any_horizontal(pl.col(names).is_not_null().any())).item()
    made = {name: pl.when(_number(name).is_between(0, 1)).then(_number(name)) for name in names}
    wrong = pl.any_horizontal(pl.col(name).is_not_null() & made[name].is_null() for name in names)
    fatal = (pl.col("severity") == 1) & pl.lit(bool(there))
    return rows.with_columns(
        _when(wrong, "impossible severity adjustment", "f_adjusted"),
        *(pl.when(fatal & pl.col(name).is_null()).then(0.0).otherwise(made[name]).alias(name) for name in names),
        injury_based=pl.col("injury_based").replace_strict({"1": True, "0": False}, default=None, return_dtype=pl.Boolean),
    )


def _timed(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the day, the instant (UTC), the earliest that it can have been, and the faults of a time."""
    day, said = dated(pl.col("date")), pl.col("time")
    time = pl.coalesce(said.str.to_time("%H:%M", strict=False), said.str.to_time("%H:%M:%S", strict=False))
    rows = rows.with_columns(day=day, clock=time)
    local = pl.col("day").dt.combine(pl.col("clock"))
    first, last = (local.dt.replace_time_zone(ZONE, ambiguous=which, non_existent="null") for which in ("earliest", "latest"))
    weekday = _integer("weekday")
    rows = rows.with_columns(
        _when(pl.col("date").is_null(), "no date", "f_day"),
        _when(pl.col("date").is_not_null() & pl.col("day").is_null(), "impossible date", "f_date"),
        _when(said.is_null(), "no time", "f_clock"),
        _when(said.is_not_null() & pl.col("clock").is_null(), "impossible time", "f_time"),
        _when(pl.col("day").is_not_null() & pl.col("clock").is_not_null() & first.is_null(), "time that the clocks skipped", "f_skipped"),
        _when(first != last, "time that came twice, taken as the first", "f_twice"),
        _when(pl.col("day").dt.weekday() % 7 + 1 != weekday, "day of the week not the date's", "f_weekday"),
        _when(pl.col("day").dt.year() != pl.col("year"), "year not the date's", "f_years"),
        occurred_at=first.dt.convert_time_zone("UTC").dt.replace_time_zone(None),
    )
    begun = pl.col("day").cast(pl.Datetime("us")).dt.replace_time_zone(ZONE).dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    return rows.with_columns(date="day", dated_at=pl.coalesce("occurred_at", begun, "dated_at"))


def _placed(rows: pl.DataFrame) -> pl.DataFrame:
    """Add lon, lat, beat, district and the faults of a place; without coordinates it is where its grid reference says."""
    said = pl.any_horizontal(pl.col("lon", "lat").is_not_null())
    lon, lat = _number("lon"), _number("lat")
    east, north = _number("easting"), _number("northing")
    both = lon.is_between(-9, 3) & lat.is_between(49, 61.5)
    on_grid = east.is_between(1, 700_000) & north.is_between(1, 1_300_000)
    rows = rows.with_columns(
        said=said, x=pl.when(both).then(lon), y=pl.when(both).then(lat),
        east=pl.when(on_grid).then(east), north=pl.when(on_grid).then(north),
    )  # fmt: skip
    nan = rows.select(pl.col("east", "north").fill_null(float("nan")))
    by_grid = grid.wgs84(nan["east"].to_numpy(), nan["north"].to_numpy())
    rows = rows.with_columns(gx=pl.Series(by_grid[0], nan_to_null=True), gy=pl.Series(by_grid[1], nan_to_null=True))
    metres = ((pl.col("x") - pl.col("gx")) * pl.col("y").radians().cos()).pow(2) + (pl.col("y") - pl.col("gy")).pow(2)
    rows = rows.with_columns(
        _when(pl.col("said") & pl.col("x").is_null(), "impossible coordinates", "f_coordinates"),
        _when(pl.col("x").is_null() & pl.col("gx").is_not_null(), "placed by its grid reference", "f_grid"),
        _when(pl.col("x").is_null() & pl.col("gx").is_null(), "no place", "f_place"),
        _when(metres.sqrt() * _DEGREE_M > APART_M, "grid reference elsewhere than the coordinates", "f_apart"),
        lon=pl.coalesce("x", "gx"), lat=pl.coalesce("y", "gy"),
    )  # fmt: skip
    points = rows.select(pl.col("lon", "lat").fill_null(float("nan")))
    beat = places.beats_of(points["lon"].to_numpy(), points["lat"].to_numpy()).tolist()
    rows = rows.with_columns(beat=pl.Series(beat, dtype=pl.String))
    outside = (pl.col("of") == _OWN_AREA) & pl.col("lon").is_not_null() & pl.col("beat").is_null()
    names = codes.districts()
    authority = [pl.col(name).replace_strict(names, default=None, return_dtype=pl.String) for name in ("authority", "older_authority")]
    here = pl.col("beat").replace_strict(places.district_of_beat(), default=None, return_dtype=pl.String)
    return rows.with_columns(_when(outside, "outside the force area", "f_outside"), district=pl.coalesce(here, *authority))


def _flagged(rows: pl.DataFrame) -> pl.DataFrame:
    names = ["fault", *(name for name in rows.columns if name[:2] in ("f_", "u_", "n_"))]
    joined = pl.concat_str(names, separator="; ", ignore_nulls=True)
    return rows.with_columns(flags=pl.when(joined != "").then(joined), force=pl.col("of"))
