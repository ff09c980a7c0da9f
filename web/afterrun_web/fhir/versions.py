"""Which release of FHIR a request speaks, where its headers say so: here it is R4 alone."""

from __future__ import annotations

from email.message import Message

from starlette.requests import Request

from afterrun_web.requests.refusing import Refused

R4 = ("4.0", "4.0.1")
"""How a media type may name it (`fhirVersion`)."""
_ONLY = "this server speaks FHIR R4 alone: fhirVersion=4.0"


def speak_r4(request: Request) -> None:
    """Refuse a body of another release, and whoever takes an answer of another release alone."""
    if _is_other(request.headers.get("content-type", "")):
        raise Refused(415, "Another release of FHIR", f"the body is of another release, and {_ONLY}")
    taken = [each for each in request.headers.get("accept", "").split(",") if each.strip()]
    if taken and all(map(_is_other, taken)):
        raise Refused(406, "Another release of FHIR", f"an answer of another release is wanted, and {_ONLY}")


def _is_other(media_type: str) -> bool:
    told = Message()
    told["content-type"] = media_type.strip()
    version = told.get_param("fhirversion")
    return version is not None and version not in R4
