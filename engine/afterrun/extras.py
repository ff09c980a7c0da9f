"""What `pip install afterrun` leaves out: what asks for it, and how it comes."""

from __future__ import annotations

from importlib.util import find_spec

EXTRAS = {
    "batch": ("'afterrun batch'", {"numpy": "numpy", "polars": "polars", "zstandard": "zstandard"}),
    "sheets": ("a workbook", {"python_calamine": "python-calamine", "xlsxwriter": "XlsxWriter"}),
    "calendar": ("a calendar", {"icalendar": "icalendar"}),
    "diary": ("a diary", {"sqlalchemy": "SQLAlchemy", "alembic": "Alembic"}),
    "db": (
        "a table of a database",
        {"duckdb_engine": "duckdb-engine", "psycopg": "psycopg[binary]", "sqlalchemy": "SQLAlchemy"},
    ),
    "frames": ("a frame that is not Polars'", {"narwhals": "narwhals", "pyarrow": "pyarrow"}),
    "history": ("a watch's FIT file", {"fitdecode": "fitdecode", "fastcrc": "fastcrc"}),
    "pdf": ("PDF", {"weasyprint": "weasyprint"}),
    "spark": ("'--engine spark'", {"pyspark": "pyspark", "grpc": "grpcio", "pandas": "pandas"}),
    "words": ("a reading grade", {"textstat": "textstat"}),
    "web": (
        "afterrun serve",
        {
            "fastapi": "fastapi",
            "uvicorn": "uvicorn",
            "python_multipart": "python-multipart",
            "cryptography": "cryptography",
            "argon2": "argon2-cffi",
        },
    ),
    "fhir": ("a caller of CDS Hooks", {"jwt": "PyJWT"}),
    "prove": ("afterrun rules prove", {"z3": "z3-solver"}),
}
"""By extra, who asks for it, and its modules: the name to import, and the name that it goes by."""


def missing_modules(extra: str) -> list[str]:
    """What of an extra is not installed."""
    return [name for module, name in EXTRAS[extra][1].items() if find_spec(module) is None]


def require(module: str) -> None:
    """Raise ModuleNotFoundError at once where a module is not here, before any work is done."""
    if find_spec(module) is None:
        raise ModuleNotFoundError(name=module)


def way_to(module: str) -> str:
    """How a module that is not here comes; empty for one of no extra."""
    for extra, (asked_by, modules) in EXTRAS.items():
        if module.partition(".")[0] in modules:
            missing = missing_modules(extra)
            are, them = ("is", "it") if len(missing) == 1 else ("are", "them")
            return (
                f"{asked_by} needs {' and '.join(missing)}, which {are} not installed. "
                f"Install {them} with:  pip install 'afterrun[{extra}]'"
            )
    return ""
