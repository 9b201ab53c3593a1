"""The columns of the three kinds of file, under every name by which they were published.

Names are compared in one form: small letters, words joined by underscores, `accident` as `collision`, `1st` as `first`.
Where a file has several of a column's names the first here that has a value counts: the codes of the 2024 specification
come before those of 2011 or earlier, and `data/reference/stats19_code.csv` knows both.
"""

from __future__ import annotations

import re

_EDGE = re.compile(r"[^a-z0-9]+")
_INDEX = ("collision_index",)
_YEAR = ("collision_year", "year")

Names = dict[str, tuple[str, ...]]

COLLISION: Names = {
    "collision": _INDEX,
    "year": _YEAR,
    "force": ("police_force",),
    "date": ("date",),
    "time": ("time",),
    "weekday": ("day_of_week",),
    "severity": ("collision_severity",),
    "graded_injury": ("enhanced_severity_collision", "enhanced_collision_severity"),
    "vehicles": ("number_of_vehicles",),
    "casualties": ("number_of_casualties",),
    "easting": ("location_easting_osgr",),
    "northing": ("location_northing_osgr",),
    "lon": ("longitude",),
    "lat": ("latitude",),
    "authority": ("local_authority_ons_district",),
    "older_authority": ("local_authority_district",),
    "road_class": ("first_road_class",),
    "road_number": ("first_road_number",),
    "road_type": ("road_type",),
    "speed_limit": ("speed_limit",),
    "junction": ("junction_detail", "junction_detail_historic"),
    "junction_control": ("junction_control",),
    "crossing": ("pedestrian_crossing", "pedestrian_crossing_physical_facilities_historic", "pedestrian_crossing_physical_facilities"),
    "light": ("light_conditions",),
    "weather": ("weather_conditions",),
    "surface": ("road_surface_conditions",),
    "hazard": ("carriageway_hazards", "carriageway_hazards_historic"),
    "setting": ("urban_or_rural_area",),
    "attended": ("did_police_officer_attend_scene_of_collision",),
    "adjusted_serious": ("collision_adjusted_severity_serious", "collision_adjusted_serious", "adjusted_serious"),
    "adjusted_slight": ("collision_adjusted_severity_slight", "collision_adjusted_slight", "adjusted_slight"),
    "injury_based": ("collision_injury_based", "injury_based"),
}
VEHICLE: Names = {
    "collision": _INDEX,
    "year": _YEAR,
    "vehicle": ("vehicle_reference", "vehiclereferencenumber"),
    "type": ("vehicle_type",),
    "manoeuvre": ("vehicle_manoeuvre", "vehicle_manoeuvre_historic"),
    "impact": ("first_point_of_impact",),
    "purpose": ("journey_purpose_of_driver", "journey_purpose_of_driver_historic"),
    "sex": ("sex_of_driver",),
    "age": ("age_of_driver",),
    "age_band": ("age_band_of_driver",),
    "propulsion": ("propulsion_code",),
    "vehicle_age": ("age_of_vehicle",),
    "model": ("generic_make_model",),
    "escooter": ("escooter_flag",),
    "deprivation": ("driver_imd_decile",),
}
CASUALTY: Names = {
    "collision": _INDEX,
    "year": _YEAR,
    "vehicle": ("vehicle_reference", "vehiclereferencenumber"),
    "casualty": ("casualty_reference", "casualtynumber"),
    "class": ("casualty_class", "casualtyclass"),
    "severity": ("casualty_severity", "casualtyseverity"),
    "graded_injury": ("enhanced_casualty_severity",),
    "type": ("casualty_type", "castypecode"),
    "sex": ("sex_of_casualty", "sex"),
    "age": ("age_of_casualty",),
    "age_band": ("age_band_of_casualty", "agebandofcasualty"),
    "pedestrian_location": ("pedestrian_location", "pedlocation"),
    "pedestrian_movement": ("pedestrian_movement", "pedmovement"),
    "deprivation": ("casualty_imd_decile",),
    "adjusted_serious": ("casualty_adjusted_severity_serious", "casualty_adjusted_serious", "adjusted_serious"),
    "adjusted_slight": ("casualty_adjusted_severity_slight", "casualty_adjusted_slight", "adjusted_slight"),
    "injury_based": ("casualty_injury_based", "injury_based"),
}
KINDS: dict[str, Names] = {"collision": COLLISION, "vehicle": VEHICLE, "casualty": CASUALTY}
NEEDED = {
    "collision": ("collision", "severity", "date"),
    "vehicle": ("collision", "vehicle", "type"),
    "casualty": ("collision", "casualty", "severity"),
}
CODED = {
    "collision": {
        name: name
        for name in (
            "severity", "graded_injury", "road_class", "road_type", "junction", "junction_control", "crossing", "light", "weather",
            "surface", "hazard", "setting", "attended",
        )
    },
    "vehicle": {"type": "vehicle_type"} | {name: name for name in ("manoeuvre", "impact", "purpose", "sex", "age_band", "propulsion")},
    "casualty": {"class": "casualty_class", "type": "casualty_type"}
    | {name: name for name in ("severity", "graded_injury", "sex", "age_band", "pedestrian_location", "pedestrian_movement")},
}  # fmt: skip


def plain(name: str) -> str:
    """Return a column's published name in the form in which names are compared."""
    words = _EDGE.sub("_", name.lower()).strip("_")
    return re.sub(r"^1st_", "first_", re.sub(r"^2nd_", "second_", words.replace("accident", "collision")))
