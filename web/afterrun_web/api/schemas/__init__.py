"""The shapes of requests and answers as JSON Schema, every name in them read off the rulebook.

parts  ->  intakes: what is sent     results, inquiries, schedules, rulebooks: what comes back
"""

from afterrun_web.api.schemas.everything import schemas_of
from afterrun_web.api.schemas.parts import ref

__all__ = ["ref", "schemas_of"]
