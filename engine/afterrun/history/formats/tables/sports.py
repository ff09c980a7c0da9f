"""What was done, by the words of apps in the languages that they speak; an unknown word says nothing."""

from __future__ import annotations

from afterrun.history.formats.activity import Sport
from afterrun.history.formats.sports import sport_of
from afterrun.history.formats.tables.columns import folded, ways

_WORDS: dict[Sport, frozenset[str]] = {
    "run": ways(
        "Run|Running|Virtual Run|Obstacle Racing|Obstacle Run|Ultra Run|Jog|Lauf|Laufen|Joggen",
        "Straßenlauf|Straßenlaufen|Ultralauf|Virtueller Lauf|Virtuelles Laufen|Course|Course à pied",
        "Course à pied urbaine|Course virtuelle|Ultra|Ultramarathon|Footing|Jogging|Carrera",
        "Carrera virtual|Carrera urbana|Carrera a pie|Correr|Ultra carrera|Corsa|Corsa virtuale",
        "Corsa su strada|Ultracorsa|Hardlopen|Hardloopsessie|Virtueel hardlopen",
        "Virtuele hardloopsessie|Straatlopen|Corrida|Corrida virtual|Corrida de rua|Ultracorrida",
        "Bieganie|Bieg|Löpning|Løb|Løping|Löprunda|Ultra Running|Street Running|Road Run|Race",
        "Long Run|Easy Run|Tempo Run|Intervals|Interval Run",
    ),
    "treadmill": ways(
        "Laufband|Laufbandtraining|Laufband-Laufen|Laufen auf dem Laufband|Indoor-Laufen|Indoorlaufen",
        "Course à pied sur tapis|Course à pied sur tapis roulant|Course sur tapis roulant",
        "Tapis de course|Course à pied en salle|Course en salle|Carrera en cinta",
        "Carrera en cinta de correr|Carrera en interior|Cinta de correr|Corsa su tapis roulant",
        "Corsa sul tapis roulant|Tapis roulant|Corsa indoor|Hardlopen op loopband|Loopband",
        "Hardlopen op de loopband|Indoor hardlopen|Binnen hardlopen|Corrida em esteira",
        "Corrida na esteira|Esteira|Corrida em passadeira|Corrida na passadeira",
        "Corrida em ambiente fechado|Bieganie na bieżni|Bieżnia|Löpband|Løbebånd|Treadmill Run",
    ),
    "trail": ways(
        "Traillauf|Trail-Lauf|Trailrunning|Trail-Running|Trailrun|Geländelauf|Berglauf",
        "Course à pied en sentier|Trail en course à pied|Course de trail|Trail running",
        "Carrera de montaña|Carrera de trail|Trail|Corsa in montagna|Corsa campestre|Trailrunnen",
        "Trailloop|Corrida de trilha|Corrida em trilha|Trail run|Bieganie terenowe|Bieg terenowy",
        "Traillöpning|Trailløb",
    ),
    "track": ways(
        "Indoor Track|Indoor Track Running|Track Run|Track Running|Bahnlauf|Bahn-Laufen",
        "Laufen auf der Bahn|Laufbahn|Course à pied sur piste|Course sur piste|Carrera en pista",
        "Corsa su pista|Hardlopen op de baan|Baanlopen|Corrida em pista|Bieganie po bieżni",
    ),
    "walk": ways(
        "Gehen|Spaziergang|Spazieren gehen|Spazierengehen|Wandern|Wanderung|Nordic Walking",
        "Indoor-Gehen|Marche|Marche à pied|Randonnée|Randonnée pédestre|Caminata|Caminar|Senderismo",
        "Paseo|Camminata|Escursione|Escursionismo|Wandelen|Wandeling|Hiken|Hike|Caminhada|Trilha",
        "Spacer|Chód|Promenad|Rucking|Walk|Walking|Hiking|Bergsteigen|Alpinisme|Speed Walking",
        "Casual Walking|Indoor Walking",
    ),
    "ride": ways(
        "Road Cycling|Gravel Cycling|Mountain Biking|Indoor Cycling|Virtual Cycling|eBiking",
        "eMountain Biking|BMX|Cyclocross|Downhill Biking|Track Cycling|Recumbent Cycling|Bike Commute",
        "Spinning|Radfahren|Radfahrt|Rennradfahren|Mountainbiken|Mountainbike|Indoor-Radfahren",
        "Virtuelles Radfahren|Virtuelle Radfahrt|E-Bike-Fahrt|Gravelbiken|Gravel/Offroad-Radfahren",
        "Cyclisme|Vélo|VTT|Vélo d’intérieur|Cyclisme sur route|Cyclisme virtuel|Sortie à vélo",
        "Sortie vélo|Vélo virtuel|Ciclismo|Bicicleta|Ciclismo virtual|Ciclismo en interior",
        "Ciclismo en carretera|Ciclismo de montaña|Giro in bici|Ciclismo su strada|Bici|Fietsen",
        "Fietsrit|Virtuele fietsrit|Wielrennen|Pedalada|Ciclismo indoor|Kolarstwo|Jazda na rowerze",
        "Cykling|Cycling|Ride|Gravel Ride|E-Bike Ride|E-Mountain Bike Ride|Mountain Bike Ride",
        "Virtual Ride|Velomobile",
    ),
    "swim": ways(
        "Schwimmen|Schwimmbadschwimmen|Freiwasserschwimmen|Natation|Natation en piscine|Nat. piscine",
        "Nat. eau libre|Natación|Natación en piscina|Natación en aguas abiertas|Nuoto",
        "Nuoto in piscina|Nuoto in acque libere|Zwemmen|Baantjes zwemmen|Natação|Natação em piscina",
        "Natação em águas abertas|Pływanie|Simning|Svømning",
    ),
    "other": ways(
        "High-Intensity Interval Training|Floor Climbing|Indoor Climbing|Stand Up Paddleboarding",
        "Transition|Resort Skiing/Snowboarding|Resort Skiing|Backcountry Skiing/Snowboarding",
        "Cross Country Classic Skiing|Cross Country Skate Skiing|Skate Skiing|Snowshoeing|Lacrosse",
        "Rugby|Hockey|Cricket|Horseback Riding|Hunting|Jump Rope|Fishing|Diving|Wakeboarding|Paddling",
        "Whitewater|Surf|Indoor Cardio|Open Water|Martial Arts|Other|Workout|Training|Strength",
        "Strength Training|Weight Training|Gym|Yoga|Pilates|Cardio|HIIT|Crossfit|Elliptical",
        "Stair-Stepper|Stair Climbing|Rowing|Indoor Rowing|Virtual Row|Row|Kayaking|Canoeing",
        "Stand Up Paddling|Surfing|Windsurf|Kitesurf|Sail|Sailing|Alpine Ski|Backcountry Ski",
        "Nordic Ski|Snowboard|Ice Skate|Inline Skate|Roller Ski|Rock Climb|Rock Climbing|Bouldering",
        "Climbing|Golf|Soccer|Football|Tennis|Badminton|Squash|Padel|Pickleball|Table Tennis",
        "Racquetball|Basketball|Volleyball|Dance|Boxing|Rest|Handcycle",
        "Wheelchair|Skateboard|Snowshoe|Breathwork|Meditation|Mobility|Stretching|Physical Therapy",
        "Sonstige|Sonstiges|Krafttraining|Rudern|Rudermaschine|Ellipsentrainer|Atemübung|Langlauf",
        "Skifahren|Klettern|Autre|Musculation|Exercice|Entraînement|Aviron|Vélo elliptique|Ski alpin",
        "Escalade|Fitness|Otro|Otros|Entrenamiento|Entrenamiento de fuerza|Pesas|Fuerza|Remo|Elíptica",
        "Escalada|Esquí|Altro|Allenamento|Allenamento di forza|Pesi|Canottaggio|Ellittica|Sci alpino",
        "Arrampicata|Overig|Anders|Krachttraining|Roeien|Crosstrainer|Skiën|Klimmen|Outro|Treino",
        "Treinamento de força|Musculação|Cardiovascular|Inne|Siła|Trening siłowy|Joga|Styrketräning",
        "Styrketræning|Övrigt|Andet",
    ),
}  # fmt: skip
_SPORTS = {word: sport for sport, words in _WORDS.items() for word in words}


def named_sport(word: str) -> Sport | None:
    """What a word for a sport means in any of these languages; None where it is unknown, or none.

    >>> named_sport("Laufbandtraining"), named_sport("Trail Running"), named_sport("Mittagsschlaf")
    ('treadmill', 'trail', None)
    """
    found = _SPORTS.get(folded(word))
    if found is None and (general := sport_of(word)) != "other":
        return general
    return found
