"""The solver's searches: what one that gave up leaves behind, which must be nothing."""

import pytest

from afterrun import load_rulebook
from afterrun.verify.prove.encoding.terms import neg
from afterrun.verify.prove.encoding.world import World
from afterrun.verify.prove.search import Search, Undecided
from tests.support.paths import ROOT


def test_a_search_that_gives_up_binds_none_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World.of(load_rulebook(ROOT / "examples" / "mould"))
    search = Search(world)
    answered = world.asked["humidity"].answered

    def give_up(self: Search, worlds: object, model: object) -> None:
        raise Undecided("canceled")

    with monkeypatch.context() as patched:
        patched.setattr(Search, "_on_grid", give_up)
        with pytest.raises(Undecided):
            search.witnesses(answered, worlds=[world])
    assert search.possible(neg(answered))
    assert search.possible(answered)
