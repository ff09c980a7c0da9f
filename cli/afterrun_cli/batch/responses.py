"""Responses to our questionnaire as intakes: what a batch may read beside its own."""

from __future__ import annotations

from afterrun.batch import OtherRecords
from afterrun.interchange import intake_in, is_resource, record_id_of

RESPONSES = OtherRecords(is_resource, intake_in, record_id_of)
"""FHIR resources, one a line, as a server exports them."""
