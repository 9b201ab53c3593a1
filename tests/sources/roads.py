"""Road casualty files in their published shapes, written by hand for tests."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_NEW = {
    "collision": (
        "collision_index,collision_year,collision_ref_no,location_easting_osgr,location_northing_osgr,longitude,latitude,police_force,"
        "collision_severity,number_of_vehicles,number_of_casualties,date,day_of_week,time,local_authority_district,"
        "local_authority_ons_district,local_authority_highway,local_authority_highway_current,first_road_class,first_road_number,"
        "road_type,speed_limit,junction_detail_historic,junction_detail,junction_control,second_road_class,second_road_number,"
        "pedestrian_crossing_human_control_historic,pedestrian_crossing_physical_facilities_historic,pedestrian_crossing,"
        "light_conditions,weather_conditions,road_surface_conditions,special_conditions_at_site,carriageway_hazards_historic,"
        "carriageway_hazards,urban_or_rural_area,did_police_officer_attend_scene_of_accident,trunk_road_flag,lsoa_of_accident_location,"
        "enhanced_severity_collision,collision_injury_based,collision_adjusted_severity_serious,collision_adjusted_severity_slight"
    ),
    "vehicle": (
        "collision_index,collision_year,collision_ref_no,vehicle_reference,vehicle_type,vehicle_manoeuvre_historic,vehicle_manoeuvre,"
        "first_point_of_impact,journey_purpose_of_driver_historic,journey_purpose_of_driver,sex_of_driver,age_of_driver,"
        "age_band_of_driver,propulsion_code,age_of_vehicle,generic_make_model,driver_imd_decile,escooter_flag"
    ),
    "casualty": (
        "collision_index,collision_year,collision_ref_no,vehicle_reference,casualty_reference,casualty_class,sex_of_casualty,"
        "age_of_casualty,age_band_of_casualty,casualty_severity,pedestrian_location,pedestrian_movement,casualty_type,"
        "casualty_imd_decile,enhanced_casualty_severity,casualty_injury_based,casualty_adjusted_severity_serious,"
        "casualty_adjusted_severity_slight"
    ),
}
NEW = {kind: names.split(",") for kind, names in _NEW.items()}
_OLD = {
    "collision": (
        "Accident_Index,Location_Easting_OSGR,Location_Northing_OSGR,Longitude,Latitude,Police_Force,Accident_Severity,"
        "Number_of_Vehicles,Number_of_Casualties,Date,Day_of_Week,Time,Local_Authority_(District),Local_Authority_(Highway),"
        "1st_Road_Class,1st_Road_Number,Road_Type,Speed_limit,Junction_Detail,Junction_Control,2nd_Road_Class,2nd_Road_Number,"
        "Pedestrian_Crossing-Human_Control,Pedestrian_Crossing-Physical_Facilities,Light_Conditions,Weather_Conditions,"
        "Road_Surface_Conditions,Special_Conditions_at_Site,Carriageway_Hazards,Urban_or_Rural_Area,"
        "Did_Police_Officer_Attend_Scene_of_Accident,LSOA_of_Accident_Location"
    ),
    "vehicle": (
        "Accident_Index,Vehicle_Reference,Vehicle_Type,Towing_and_Articulation,Vehicle_Manoeuvre,Vehicle_Location-Restricted_Lane,"
        "1st_Point_of_Impact,Was_Vehicle_Left_Hand_Drive?,Journey_Purpose_of_Driver,Sex_of_Driver,Age_of_Driver,Age_Band_of_Driver,"
        "Engine_Capacity_(CC),Propulsion_Code,Age_of_Vehicle,Driver_IMD_Decile"
    ),
    "casualty": (
        "Accident_Index,Vehicle_Reference,Casualty_Reference,Casualty_Class,Sex_of_Casualty,Age_of_Casualty,Age_Band_of_Casualty,"
        "Casualty_Severity,Pedestrian_Location,Pedestrian_Movement,Casualty_Type,Casualty_IMD_Decile"
    ),
}
OLD = {kind: names.split(",") for kind, names in _OLD.items()}
FIRST = "2023520000001"
USUAL = {
    "collision": {
        "index": FIRST, "year": "2023", "force": "52", "severity": "3", "vehicles": "2", "casualties": "1", "date": "02/01/2023",
        "day_of_week": "2", "time": "08:15", "longitude": "-2.595", "latitude": "51.454", "ons_district": "E06000023", "road_class": "3",
        "road_number": "38", "road_type": "6", "speed_limit": "30", "junction_detail": "3", "junction_control": "4", "light": "1",
        "weather": "1", "surface": "2", "hazards": "0", "urban": "1", "attend": "1",
    },
    "vehicle": {
        "index": FIRST, "year": "2023", "vehicle_reference": "1", "vehicle_type": "9", "manoeuvre": "18", "impact": "1", "purpose": "2",
        "sex_of_driver": "1", "age_of_driver": "40", "age_band": "7", "propulsion": "2", "age_of_vehicle": "5",
    },
    "casualty": {
        "index": FIRST, "year": "2023", "vehicle_reference": "1", "casualty_reference": "1", "casualty_class": "1", "sex_of": "2",
        "age_of_casualty": "30", "age_band": "6", "severity": "3", "pedestrian_location": "0", "pedestrian_movement": "0",
        "casualty_type": "9",
    },
}  # fmt: skip
COLUMNS = {
    "index": "collision_index accident_index", "year": "collision_year accident_year", "force": "police_force",
    "severity": "collision_severity accident_severity casualty_severity", "vehicles": "number_of_vehicles",
    "casualties": "number_of_casualties", "longitude": "longitude", "latitude": "latitude", "easting": "location_easting_osgr",
    "northing": "location_northing_osgr", "ons_district": "local_authority_ons_district", "district": "local_authority_district",
    "road_class": "first_road_class 1st_road_class", "road_number": "first_road_number 1st_road_number",
    "junction_detail": "junction_detail_historic junction_detail", "new_junction": "junction_detail", "light": "light_conditions",
    "weather": "weather_conditions", "surface": "road_surface_conditions", "hazards": "carriageway_hazards_historic carriageway_hazards",
    "urban": "urban_or_rural_area", "attend": "did_police_officer_attend_scene_of_accident", "impact": "first_point_of_impact 1st_point_of_impact",
    "manoeuvre": "vehicle_manoeuvre_historic vehicle_manoeuvre", "purpose": "journey_purpose_of_driver_historic journey_purpose_of_driver",
    "age_band": "age_band_of_driver age_band_of_casualty", "sex_of": "sex_of_casualty", "propulsion": "propulsion_code",
    "serious": "collision_adjusted_severity_serious casualty_adjusted_severity_serious", "model": "generic_make_model",
    "slight": "collision_adjusted_severity_slight casualty_adjusted_severity_slight", "injury_based": "collision_injury_based casualty_injury_based",
}  # fmt: skip


def line(kind: str, shape: Mapping[str, list[str]] = NEW, missing: str = "-1", **values: Any) -> str:
    """Return a row of a kind in a shape; a value that isn't given is the usual one, or missing."""
    given = {key: str(value) for key, value in (USUAL[kind] | values).items()}
    header = shape[kind]
    said = dict.fromkeys(header, missing)
    for key, value in given.items():
        names = COLUMNS.get(key, key).split()
        name = next((name for name in header if name.lower() in names), None)
        if name is not None:
            said[name] = value
        if key == "new_junction":
            said["junction_detail"] = value
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(said.values())
    return out.getvalue()


def file(path: Path, kind: str, *lines: str | bytes, shape: Mapping[str, list[str]] = NEW) -> Path:
    """Write rows under their header."""
    head = ",".join(shape[kind]).encode()
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(
        b"\n".join([head, *(each if isinstance(each, bytes) else each.encode("utf-8", "surrogatepass") for each in lines)]) + b"\n"
    )
    return path
