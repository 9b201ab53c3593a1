-- Areas on the map, by exact coordinates in WGS84 degrees; a missing place lies in none.

-- Great-circle distance in metres on the mean sphere (haversine; Sinnott 1984, "Virtues of the Haversine").
create macro metres_between(lon1, lat1, lon2, lat2) as
    2 * 6371008.8 * asin(sqrt(least(1, pow(sin(radians(lat2 - lat1) / 2), 2)
        + cos(radians(lat1)) * cos(radians(lat2)) * pow(sin(radians(lon2 - lon1) / 2), 2))));

create macro within_circle(lon, lat, x, y, metres) as coalesce(metres_between(lon, lat, x, y) <= metres, false);

create macro within_box(lon, lat, west, south, east, north) as
    coalesce(lon >= west and lon < east and lat >= south and lat < north, false);

-- Even-odd rule: edges of the ring that cross the ray going east from the point are odd in number.
create macro within_polygon(lon, lat, xs, ys) as
    coalesce(lon between list_min(xs) and list_max(xs) and lat between list_min(ys) and list_max(ys)
        and list_sum(list_transform(generate_series(1, len(xs)), lambda i:
            ((ys[i] > lat) <> (ys[i % len(xs) + 1] > lat)
            and lon < (xs[i % len(xs) + 1] - xs[i]) * (lat - ys[i]) / (ys[i % len(xs) + 1] - ys[i]) + xs[i])::integer
        )) % 2 = 1, false);
