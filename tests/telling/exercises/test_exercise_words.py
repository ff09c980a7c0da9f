"""Every word on a card is read by somebody who has never trained: short sentences, plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from textstat import textstat

from afterrun.rulebook.schema import Exercise
from tests.support.rulebooks.shipped import shipped

CARDS = shipped().exercises
HIGHEST_GRADE = 6
MOST_WORDS = 25
JARGON = re.compile(
    r"eccentric|concentric|\breps\b|in reserve|\bRPE\b|baseline|load|goblet|sit-to-stand|\d\s?°|degrees", re.I
)


def texts(card: Exercise) -> Iterator[str]:
    yield from (card.set_up, card.movement, card.side, card.depth, card.feel, *card.dose)
    for steps in (card.easier, card.harder, card.ladder):
        yield from (step for step in steps if step not in CARDS)


def sentences(text: str) -> list[str]:
    return [each for each in re.split(r"(?<=[.!?])\s+", text) if each]


@pytest.mark.parametrize("card", CARDS.values(), ids=lambda card: card.id)
class TestTheWordsOfACard:
    @pytest.mark.slow
    def test_are_those_of_a_sixth_grader(self, card: Exercise) -> None:
        for text in (card.set_up, card.movement, " ".join(texts(card))):
            assert textstat.flesch_kincaid_grade(text) <= HIGHEST_GRADE, text

    def test_stand_in_short_sentences(self, card: Exercise) -> None:
        for sentence in (sentence for text in texts(card) for sentence in sentences(text)):
            assert len(sentence.split()) <= MOST_WORDS, sentence
            assert sentence.endswith("."), sentence

    def test_are_nobodys_jargon(self, card: Exercise) -> None:
        assert not [text for text in texts(card) if JARGON.search(text)]

    def test_lead_on_without_weights(self, card: Exercise) -> None:
        if card.needs in ("none", "bands"):
            assert len(card.ladder) >= 4
            assert not any("%" in step for step in card.ladder)


@pytest.mark.slow
def test_the_dose_is_as_plain() -> None:
    for lines in shipped().doses.values():
        said = [re.sub(r"\{[^}]*\}", "3", line) for line in lines]
        assert textstat.flesch_kincaid_grade(" ".join(said)) <= HIGHEST_GRADE
        assert max(len(sentence.split()) for line in said for sentence in sentences(line)) <= MOST_WORDS


def test_a_long_word_or_sentence_would_be_noticed() -> None:
    assert textstat.flesch_kincaid_grade("Eccentric strengthening of the quadriceps musculature.") > 6
