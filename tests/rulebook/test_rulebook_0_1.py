"""Rulebook 0.1 in the format of today says what the program of its time said.

`tests/data/answers_0_1.jsonl` holds random intakes and check-ins with what that program made of them.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from afterrun import assess, check_in
from afterrun.rulebook import load_every_part
from tests.support.paths import ROOT

PACK = ROOT / "released" / "afterrun-knee-0.1.0.rulebook"
SAID = ROOT / "tests" / "data" / "answers_0_1.jsonl"


@pytest.mark.slow
def test_the_pack_of_0_1_says_what_0_1_said() -> None:
    main, part = load_every_part(PACK)
    assert main.identity.version == "0.1.0"
    kinds: Counter[str] = Counter()
    for line in SAID.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        if "intake" in case:
            said = assess(main, case["intake"], engine="compiled").to_dict()
        else:
            said = check_in(part, case["record"], engine="compiled").to_dict()
        kinds[said["status"] if "status" in said else said["triage"]] += 1
        assert seen(said, case["said"]) == case["said"], line[:200]
    assert set(main.triage) <= set(kinds)
    assert kinds["goes_on"] > 30


def seen(said: dict[str, Any], keys: dict[str, Any]) -> dict[str, Any]:
    """What is held against it: the ledger by name and status, since which of two rules for the same is named
    first has changed, and the rules that fired in no order."""
    told = {**{"triage": None, "patterns": {}}, **json.loads(json.dumps(said))}
    told["ledger"] = [[each["id"], each["status"]] for each in told["ledger"]]
    told["fired"] = sorted(told["fired"])
    return {key: told[key] for key in keys}
