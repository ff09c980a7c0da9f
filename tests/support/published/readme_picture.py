"""The picture in the README, of its sample: `python -m tests.support.published.readme_picture` takes it."""

from __future__ import annotations

import afterrun
from afterrun.assessment import Conversation
from afterrun.intake import as_intake, raw_intakes, read_intake
from tests.support.paths import ROOT
from tests.support.web.browsers import Screen, chromium
from tests.support.web.visits import served

INTAKE = ROOT / "examples/readme.yaml"
PICTURE = ROOT / "docs/result.png"


def main() -> None:
    """Take the picture anew."""
    rulebook = afterrun.load_rulebook()
    with INTAKE.open("rb") as stream:
        answers = as_intake(rulebook, read_intake(rulebook, next(raw_intakes(stream, INTAKE.name, None))))
    talk = Conversation(rulebook, {name: value for name, value in answers.items() if name != "record_id"})
    while (step := talk.next()) is not None:
        talk.pass_over(step.question)
    with served() as site, chromium() as browser, Screen(browser, site.address, 390) as screen:
        screen.send("/result", {"token": site.seal(rulebook, talk.answers)})
        screen.page.set_viewport_size({"width": 640, "height": 852})
        screen.page.screenshot(path=PICTURE)


if __name__ == "__main__":
    main()
