"""What was done, by the words that files have for it."""

from __future__ import annotations

import re

from afterrun.history.formats.activity import Sport

_WORDS: dict[Sport, str] = {
    "run": "run running virtual_run virtualrun street_running road_running ultra_run obstacle_run jogging",
    "treadmill": "treadmill treadmill_running indoor_running indoor_run virtual_running",
    "trail": "trail trail_run trail_running trailrun mountain_running",
    "track": "track track_running track_run",
    "walk": "walk walking hike hiking casual_walking speed_walking indoor_walking mountaineering snowshoe",
    "ride": "ride bike biking cycling road_biking mountain_biking gravel_cycling indoor_cycling virtual_ride "
    "virtualride virtual_cycling ebikeride e_bike_ride e_biking mountain_bike_ride gravel_ride handcycle",
    "swim": "swim swimming lap_swimming open_water_swimming pool_swimming open_water_swim pool_swim",
}
_SPORTS: dict[str, Sport] = {word: sport for sport, words in _WORDS.items() for word in words.split()}


def sport_of(word: str) -> Sport | None:
    """What a file's word for a sport means, in any case and with any signs between; None for no word.

    >>> sport_of("Trail Running"), sport_of("E-Bike Ride"), sport_of("Yoga"), sport_of(" ")
    ('trail', 'ride', 'other', None)
    """
    folded = re.sub(r"[\W_]+", "_", word.strip().casefold()).strip("_")
    return _SPORTS.get(folded, "other") if folded else None
