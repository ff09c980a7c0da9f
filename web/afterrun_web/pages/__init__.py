"""Pages for people: each reads a form, asks the engine, and shows what it says in the words of `telling`.

start  ->  interview (a question a page, answers so far, the end)  ->  outcome (result, why)  ->  plan
                                                                    ->  diary
                        a clinician's intake, pasted or from a file  ->  audit
batch (a file of intakes, for clinics)    book (the rulebook, page by page)    installing (on a phone)

Routes bring requests to them; what stands in no routes knows no request, and runs in a browser alone too.
"""

from typing import TYPE_CHECKING

from afterrun.doors import door

if TYPE_CHECKING:
    from afterrun_web.pages.routes import router
    from afterrun_web.pages.site import Site
else:
    __getattr__, __dir__ = door(globals())

__all__ = ["Site", "router"]
