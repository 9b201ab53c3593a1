"""Rows of text made rows of crime: typed, placed, and every fault flagged; none is dropped."""

from __future__ import annotations

import csv
from functools import cache

import polars as pl

from console import files
from console.feed import places
from console.feed.police_uk.reading import COLUMNS

ASB = "Anti-social behaviour"
NONE_GIVEN = "(none given)"
FAULTS = "flags"


@cache
def outcome_codes() -> dict[str, int | None]:
    """Return the code of each outcome as published, None where the words are of no single code."""
    with (files.data() / "reference" / "police_uk_outcome.csv").open(encoding="utf-8", newline="") as file:
        return {row["words"]: int(row["code"]) if row["code"] else None for row in csv.DictReader(file)}


@cache
def categories() -> frozenset[str]:
    """Return the categories that are published."""
    with (files.data() / "reference" / "offence.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["category"] for row in csv.DictReader(file))


def good_month(name: str) -> pl.Expr:
    """Return whether a column is a month such as 2024-01."""
    return pl.col(name).str.contains(r"^(19|20)\d\d-(0[1-9]|1[0-2])$")


def _text(name: str) -> pl.Expr:
    return pl.when(pl.col(name) == "").then(None).otherwise(pl.col(name))


def _number(name: str, limit: float) -> pl.Expr:
    made = pl.col(name).cast(pl.Float64, strict=False)
    return pl.when(made.is_finite() & (made.abs() <= limit)).then(made)


def _district(names: pl.Series) -> dict[str, str | None]:
    each = names.unique().to_list()
    return dict(zip(each, places.districts_of_lsoa(each), strict=True))


def _placed(rows: pl.DataFrame) -> pl.DataFrame:
    """Add lon, lat, beat and the faults of a place."""
    rows = rows.with_columns(lon=_number("Longitude", 180), lat=_number("Latitude", 90))
    half = pl.col("lon").is_null() | pl.col("lat").is_null()
    rows = rows.with_columns(lon=pl.when(~half).then("lon"), lat=pl.when(~half).then("lat"))
    nan = rows.select(pl.col("lon", "lat").fill_null(float("nan")))
    beat = places.beats_of(nan["lon"].to_numpy(), nan["lat"].to_numpy())
    said = (pl.col("Longitude") != "") | (pl.col("Latitude") != "")
    return rows.with_columns(pl.Series("beat", beat.tolist(), pl.String)).with_columns(
        _when(said & pl.col("lon").is_null(), "impossible coordinates", "f_coordinates"),
        _when(~said, "no coordinates", "f_place"),
        _when(pl.col("lon").is_not_null() & pl.col("beat").is_null(), "outside the force area", "f_outside"),
    )


def _when(condition: pl.Expr, words: str, name: str) -> pl.Expr:
    return pl.when(condition).then(pl.lit(words)).alias(name)


def _flagged(rows: pl.DataFrame) -> pl.DataFrame:
    names = ["fault", *(name for name in rows.columns if name.startswith("f_"))]
    joined = pl.concat_str(names, separator="; ", ignore_nulls=True)
    return rows.with_columns(pl.when(joined != "").then(joined).alias(FAULTS))


def crimes(rows: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Return street or outcomes rows as the store keeps them, of one batch."""
    rows = _placed(rows)
    district = pl.col("LSOA name").replace_strict(_district(rows["LSOA name"]), return_dtype=pl.String)
    beat_district = pl.col("beat").replace_strict(places.district_of_beat(), default=None, return_dtype=pl.String)
    outcome = "Last outcome category" if kind == "street" else "Outcome type"
    asb = pl.col("Crime type") == ASB if kind == "street" else pl.lit(False)
    rows = rows.with_columns(
        _when(~good_month("Month"), "impossible month", "f_month"),
        _when(pl.col("Falls within") == "", "no force", "f_force"),
        _when((pl.col("Location") == "") | (pl.col("Location") == "No Location"), "no location", "f_location"),
        _when(pl.col("Location") == "On or near", "location without a name", "f_name"),
        _when((pl.col("LSOA name") != "") & district.is_null(), "LSOA outside the force", "f_lsoa"),
        _when((pl.col("Crime ID") == "") & ~asb, "no crime ID", "f_id"),
        _when((pl.col("Crime ID") != "") & pl.col("Crime ID").is_duplicated(), "crime ID repeated", "f_repeated"),
        _when(pl.struct(COLUMNS[kind]).is_duplicated(), "identical row", "f_identical"),
        _when((pl.col(outcome) == "") & ~asb, "no outcome", "f_outcome"),
        _when((pl.col(outcome) != "") & ~pl.col(outcome).is_in(list(outcome_codes())), "unknown outcome", "f_unknown"),
    )
    own: list[pl.Expr] = []
    if kind == "street":
        category = pl.col("Crime type")
        rows = rows.with_columns(
            _when(category == "", "no category", "f_none"),
            _when((category != "") & ~category.is_in(list(categories())), "unknown category", "f_category"),
            _when(pl.col("Context") != "", "context not kept", "f_context"),
        )
        own = [pl.when(category == "").then(pl.lit(NONE_GIVEN)).otherwise(category).alias("category")]
    return _flagged(rows).select(
        _text("Crime ID").alias("crime"), "line", "month", *own, _text(outcome).alias("outcome"),
        pl.col(outcome).replace_strict(outcome_codes(), default=None, return_dtype=pl.Int32).alias("outcome_code"),
        "lon", "lat", _text("Location").alias("location"), _text("LSOA code").alias("lsoa_code"),
        _text("LSOA name").alias("lsoa"), pl.coalesce(district, beat_district).alias("district"), "beat",
        _text("Reported by").alias("reported_by"), _text("Falls within").alias("falls_within"), FAULTS,
    )  # fmt: skip


def stops(rows: pl.DataFrame) -> pl.DataFrame:
    """Return stop-and-search rows as the store keeps them, of one batch."""
    rows = _placed(rows)

    def said(name: str) -> pl.Expr:
        lower = pl.col(name).str.to_lowercase()
        return pl.when(lower == "true").then(True).when(lower == "false").then(False)

    when = pl.col("Date").str.to_datetime("%Y-%m-%dT%H:%M:%S%z", strict=False, time_zone="UTC").dt.replace_time_zone(None)
    rows = rows.with_columns(searched_at=when).with_columns(
        _when(pl.col("searched_at").is_null(), "impossible time", "f_time"),
        _when(pl.struct(COLUMNS["stop-and-search"]).is_duplicated(), "identical row", "f_identical"),
    )
    names = {
        "type": "Type", "operation": "Policing operation", "gender": "Gender", "age_range": "Age range",
        "self_ethnicity": "Self-defined ethnicity", "officer_ethnicity": "Officer-defined ethnicity", "legislation": "Legislation",
        "object": "Object of search", "outcome": "Outcome",
    }  # fmt: skip
    return _flagged(rows).select(
        "line", "searched_at", *(_text(column).alias(name) for name, column in names.items()), "lon", "lat", "beat",
        pl.col("beat").replace_strict(places.district_of_beat(), default=None, return_dtype=pl.String).alias("district"),
        said("Outcome linked to object of search").alias("outcome_linked"),
        said("Removal of more than just outer clothing").alias("clothing_removed"), FAULTS,
    )  # fmt: skip
