"""Exports as Strava and Garmin Connect write them, and a table that somebody keeps by hand."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.support.history.activity_files import Recorded, fit_of, gpx_of, tcx_of

MILE = 1609.344
_SPORTS = ("run", "treadmill", "trail", "track", "walk", "ride", "swim", "other")


def _names(text: str) -> list[str]:
    return text.split("|")


# --- Strava ------------------------------------------------------------------------------------

_STRAVA = {
    "en": _names(
        "Activity ID|Activity Date|Activity Name|Activity Type|Activity Description|Elapsed Time|"
        "Distance|Activity Private Note|Activity Gear|Filename|Elapsed Time|Moving Time|Distance|"
        "Elevation Gain"
    ),
    "de": _names(
        "Aktivitäts-ID|Aktivitätsdatum|Name der Aktivität|Aktivitätsart|Aktivitätsbeschreibung|"
        "Verstrichene Zeit|Distanz|Hinweis zur Privatsphäre für Aktivitäten|Aktivitätsausrüstung|"
        "Dateiname|Verstrichene Zeit|Bewegungszeit|Distanz|Höhenzunahme"
    ),
    "fr": _names(
        "ID de l'activité|Date de l'activité|Nom de l'activité|Type d'activité|"
        "Description de l'activité|Temps écoulé|Distance|Note privée sur les activités|"
        "Matériel utilisé pour l'activité|Nom du fichier|Temps écoulé|Durée de déplacement|"
        "Distance|Dénivelé positif"
    ),
    "nl": _names(
        "Activiteits-ID|Datum van activiteit|Naam van activiteit|Activiteitstype|Beschrijving|"
        "Verstreken tijd|Afstand|Privénotitie|Materiaal voor activiteit|Bestandsnaam|"
        "Verstreken tijd|Beweegtijd|Afstand|Hoogtewinst"
    ),
}
_STRAVA_TYPES = {
    "en": _names("Run|Treadmill Run|Trail Run|Track Run|Walk|Ride|Swim|Rowing"),
    "de": _names("Lauf|Laufband|Traillauf|Bahnlauf|Spaziergang|Radfahrt|Schwimmen|Rudern"),
    "fr": _names(
        "Course à pied|Course à pied sur tapis roulant|Trail|Course sur piste|Marche|Vélo|Natation|Aviron"
    ),
    "nl": _names("Hardloopsessie|Loopband|Trailrun|Baanlopen|Wandeling|Fietsrit|Zwemmen|Roeien"),
}
_MONTHS = {
    "en": _names("Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"),
    "fr": _names("janv.|févr.|mars|avr.|mai|juin|juil.|août|sept.|oct.|nov.|déc."),
    "nl": _names("jan.|feb.|mrt.|apr.|mei|jun.|jul.|aug.|sep.|okt.|nov.|dec."),
}


def strava_index(
    recorded: Sequence[Recorded],
    language: str = "en",
    *,
    miles: bool = False,
    secret: str = "",
    files: bool = True,
) -> bytes:
    """activities.csv; with `files`, all rows name one but every fifth, which was typed in by hand."""
    mark = "," if language in ("de", "fr", "nl") else "."
    rows = [
        (
            str(9000 + at), strava_date(each.began, language), secret or "Morning run",
            _STRAVA_TYPES[language][_SPORTS.index(each.sport)], secret, str(each.seconds + 30),
            f"{each.metres / (MILE if miles else 1000):.2f}".replace(".", mark), secret, secret,
            strava_file(at) if files and at % 5 != 4 else "",
            f"{each.seconds + 30}.0", f"{each.seconds}.0", f"{each.metres:.1f}", "35.2",
        )
        for at, each in enumerate(recorded)
    ]  # fmt: skip
    return table_of([_STRAVA[language], *rows]).encode()


def strava_file(at: int) -> str:
    """Where the recording of a row is, inside an export."""
    return f"activities/{9000 + at}.{('fit', 'gpx', 'tcx')[at % 3]}.gz"


def strava_files(
    recorded: Sequence[Recorded], language: str = "en", *, miles: bool = False, secret: str = ""
) -> Iterator[tuple[str, bytes]]:
    """All files of a bulk export, by their names in it."""
    yield "activities.csv", strava_index(recorded, language, miles=miles, secret=secret)
    yield "profile.csv", f"Athlete ID,First Name\n1,{secret}\n".encode()
    for at, each in enumerate(recorded):
        if at % 5 != 4:
            write = (fit_of, gpx_of, tcx_of)[at % 3]
            yield strava_file(at), gzip.compress(write(each, secret=secret), 1)


def strava_date(when: datetime, language: str) -> str:
    """Its instant in UTC, as the language has it."""
    utc = when.astimezone(UTC)
    clock = f"{utc:%H:%M:%S}"
    if language == "de":
        return f"{utc:%d.%m.%Y}, {clock}"
    month = _MONTHS[language][utc.month - 1]
    if language == "en":
        hour = utc.hour % 12 or 12
        return f"{month} {utc.day}, {utc.year}, {hour}:{utc:%M:%S} {'AM' if utc.hour < 12 else 'PM'}"
    return f"{utc.day} {month} {utc.year}{' à' if language == 'fr' else ''} {clock}"


# --- Garmin Connect ----------------------------------------------------------------------------

GARMIN = {
    "en": _names(
        "Activity Type|Date|Favorite|Title|Distance|Calories|Time|Avg HR|Avg Run Cadence|Avg Pace|"
        "Avg Stride Length|Steps|Moving Time"
    ),
    "de": _names(
        "Aktivitätstyp|Datum|Favorit|Titel|Distanz|Kalorien|Zeit|Ø Herzfrequenz|"
        "Ø Schrittfrequenz (Laufen)|Ø Pace|Ø Schrittlänge|Schritte|Zeit in Bewegung"
    ),
    "fr": _names(
        "Type d'activité|Date|Favori|Titre|Distance|Calories|Durée|Fréquence cardiaque moyenne|"
        "Cadence de course moyenne|Allure moyenne|Longueur moyenne de foulée|Pas|"
        "Temps de déplacement"
    ),
    "es": _names(
        "Tipo de actividad|Fecha|Favorito|Título|Distancia|Calorías|Tiempo|"
        "Frecuencia cardiaca media|Cadencia de carrera media|Ritmo medio|"
        "Longitud media de zancada|Pasos|Tiempo en movimiento"
    ),
    "it": _names(
        "Tipo di attività|Data|Preferita|Titolo|Distanza|Calorie|Tempo|FC Media|"
        "Cadenza di corsa media|Passo medio|Lunghezza media passo|Passi|Tempo in movimento"
    ),
    "pt": _names(
        "Tipo de atividade|Data|Favorito|Título|Distância|Calorias|Tempo total|FC Média|"
        "Cadência de corrida média|Ritmo médio|Comprimento médio da passada|Passos|"
        "Tempo em movimento"
    ),
    "nl": _names(
        "Activiteittype|Datum|Favoriet|Titel|Afstand|Calorieën|Tijd|Gem. HS|Gem. loopcadans|"
        "Gem. tempo|Gem. staplengte|Stappen|Tijd bewogen"
    ),
}
_GARMIN_TYPES = {
    "en": _names("Running|Treadmill Running|Trail Running|Track Running|Walking|Cycling|Pool Swim|Yoga"),
    "de": _names(
        "Laufen|Laufbandtraining|Trailrunning|Laufen auf der Bahn|Gehen|Radfahren|"
        "Schwimmbadschwimmen|Krafttraining"
    ),
    "fr": _names(
        "Course à pied|Course à pied sur tapis roulant|Trail|Course à pied sur piste|"
        "Marche à pied|Cyclisme|Natation|Musculation"
    ),
    "es": _names("Carrera|Carrera en cinta|Trail running|Carrera en pista|Caminar|Ciclismo|Natación|Fuerza"),
    "it": _names(
        "Corsa|Corsa su tapis roulant|Trail running|Corsa su pista|Camminata|Ciclismo|Nuoto in piscina|Yoga"
    ),
    "pt": _names(
        "Corrida|Corrida em esteira|Corrida de trilha|Corrida em pista|Caminhada|Ciclismo|Natação|"
        "Cardiovascular"
    ),
    "nl": _names("Hardlopen|Loopband|Trailrun|Hardlopen op de baan|Wandelen|Fietsen|Zwemmen|Krachttraining"),
}


def garmin_of(
    recorded: Sequence[Recorded],
    language: str = "en",
    *,
    miles: bool = False,
    steps: bool = True,
    secret: str = "",
    header: Mapping[str, str] | None = None,
) -> bytes:
    """Activities.csv; without `steps`, of a watch that knows none, and with a header's names replaced.

    On the clock where it was, with runs on a track and swims in metres.
    """
    mark = "," if language in ("de", "es", "it", "nl") else "."
    names = [(header or {}).get(name, name) for name in GARMIN[language]]
    rows = [names, *(_garmin_row(each, language, mark, miles, steps, secret) for each in recorded)]
    return table_of(rows).encode()


def _garmin_row(
    each: Recorded, language: str, mark: str, miles: bool, steps: bool, secret: str
) -> Sequence[str]:
    unit = MILE if miles else 1000
    thousands = "." if mark == "," else ","
    far = f"{each.metres / unit:.2f}".replace(".", mark)
    if each.sport in ("track", "swim"):
        far = f"{each.metres:,.0f}".replace(",", thousands)
    walked = each.metres / 1.04
    cadence, stride, count = (
        (f"{walked * 60 / each.seconds:.0f}", f"1{mark}04", f"{walked:,.0f}".replace(",", thousands))
        if steps and each.sport in ("run", "treadmill", "trail", "walk")
        else ("--", "--", "--")
    )
    minutes, seconds = divmod(round(each.seconds / (each.metres / unit)), 60)
    return (
        _GARMIN_TYPES[language][_SPORTS.index(each.sport)], f"{each.began:%Y-%m-%d %H:%M:%S}",
        "false", secret or "Berlin", far, "412", clock_of(each.seconds + 20), "151", cadence,
        f"{minutes}:{seconds:02}", stride, count, clock_of(each.seconds),
    )  # fmt: skip


# --- a table by hand ---------------------------------------------------------------------------


def plain_of(
    recorded: Sequence[Recorded],
    *,
    unit: str = "km",
    date: str = "%Y-%m-%d %H:%M",
    mark: str = ".",
    separator: str = ",",
    secret: str = "",
) -> bytes:
    """date, distance, duration and sport, with the unit in the header, and a column of remarks."""
    metres = MILE if unit == "mi" else 1000
    rows = [
        (f"{each.began:{date}}", f"{each.metres / metres:.2f}".replace(".", mark),
         clock_of(each.seconds), each.sport, secret)
        for each in recorded
    ]  # fmt: skip
    return table_of([("date", f"distance_{unit}", "duration", "sport", "remarks"), *rows], separator).encode()


# --- all of them -------------------------------------------------------------------------------


def clock_of(seconds: int) -> str:
    """h:mm:ss"""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def table_of(rows: Sequence[Sequence[str]], separator: str = ",") -> str:
    """Rows as the csv module writes them."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\n").writerows(rows)
    return text.getvalue()


def laid_out(folder: Path, files: Mapping[str, bytes]) -> Path:
    """The files in a folder, by their names there."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def zipped(path: Path, files: Mapping[str, bytes]) -> Path:
    """The files in an archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path
