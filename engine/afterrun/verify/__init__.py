"""A rulebook in, what can be trusted of it out.

`checking` holds it against its own examples and sources. `verify.prove` proves it over all intakes,
`verify.cases` reads whole cases, `verify.mutation` changes each rule and looks who notices.
"""

from afterrun.verify.checking import (
    Checked,
    check_part,
    check_parts,
    check_rulebook,
    example_count,
    examples_of,
    rule_truth,
)
from afterrun.verify.hazards import Controls, controls_of
from afterrun.verify.placing import placed
from afterrun.verify.safety import unguarded_signs
from afterrun.verify.uses import unconcluded
