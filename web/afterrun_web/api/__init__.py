"""The JSON API: a request in, what the engine says out; no state, and nothing decided here.

    body  ->  bodies: RawIntake  ->  requests  ->  operations: the engine  ->  answer
    what cannot be used  ->  problems: problem+json, in the words of the command line
    Rulebook  ->  schemas, document: OpenAPI 3.1

`router` is all that an app needs.
"""

from afterrun_web.api.routes import LARGEST_BODY, router
from afterrun_web.books import Books

__all__ = ["LARGEST_BODY", "Books", "router"]
