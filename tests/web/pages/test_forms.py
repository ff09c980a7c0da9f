"""What no page of ours sends: forged, stale, doubled, too large, from elsewhere. A page says what to do."""

from __future__ import annotations

import logging
import socket
import zlib
from collections.abc import Iterator
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet

import afterrun
from afterrun_web.requests.forms import FORM, NO_FORM, UNREADABLE
from afterrun_web.requests.guard import HEADERS
from afterrun_web.requests.problems import TOLD
from afterrun_web.sealing import Kept, Outdated, Seal
from afterrun_web.serving import new_key
from tests.support.web.visits import NOW, SETTINGS, Served, Visitor, served

SAID = {"age_years": 41, "warning_signs": ["none"], "injury_onset": "no"}
PATHS = ("/question", "/answers", "/result", "/why", "/plan", "/exercises", "/calendar")
CANARY = "never_an_option_of_ours"


@pytest.fixture
def visitor(site: Served) -> Visitor:
    return Visitor(site.address)


def says_what_to_do(visitor: Visitor, status: int) -> None:
    assert visitor.status == status, visitor.text
    assert "Begin anew" in visitor.text
    for name, value in HEADERS.items():
        assert visitor.headers[name] == value


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("forged", ["", "x", "é", "gAAAAA" * 20, "cut", "changed", "other key"])
def test_a_forged_form_is_no_form(
    site: Served, rulebook: afterrun.Rulebook, visitor: Visitor, path: str, forged: str
) -> None:
    token = site.seal(rulebook, SAID)
    other = Seal(SETTINGS._replace(key=new_key())).close(rulebook, Kept(SAID))
    made = {"cut": token[:-9], "changed": f"{token[:60]}{'A' if token[60] != 'A' else 'B'}{token[61:]}"}
    visitor.post(path, data={"token": {**made, "other key": other}.get(forged, forged)})
    says_what_to_do(visitor, 400)
    assert "Please begin anew" in visitor.text


@pytest.mark.parametrize("path", PATHS)
def test_answers_to_another_rulebook_are_told_so_and_offered_again(
    site: Served, rulebook: afterrun.Rulebook, visitor: Visitor, path: str
) -> None:
    told = Kept(
        {**SAID, "worst_pain": 3, "relapses": "gone by now", "volume_last_week": 20, "volume_unit": "km"}
    )
    changed = Seal(site.settings)
    other = rulebook.on(NOW.date())
    vars(other)["digest"] = "0" * 64
    visitor.post(path, data={"token": changed.close(other, told)})
    says_what_to_do(visitor, 409)
    assert "The questions have changed" in visitor.text
    visitor.press("Go on")
    # About safety nothing is taken over, for a sign may be new since.
    assert visitor.question == "age_years"
    assert 'value="41"' not in visitor.html
    carried = changed.open(rulebook, visitor.token)
    assert carried.answers == {}
    assert carried.before["worst_pain"] == 3
    assert "relapses" not in carried.before
    assert (carried.before["volume_last_week"], carried.before["volume_unit"]) == (20, "km")


def test_an_answer_of_before_is_filled_in_and_taken_only_when_it_is_sent(
    site: Served, rulebook: afterrun.Rulebook, visitor: Visitor
) -> None:
    safe = {
        "age_years": 41,
        "injury_onset": "no",
        **{
            name: ["none"]
            for name in (
                "warning_signs",
                "right_now",
                "knee_behaviour",
                "worrying_signs",
                "health_conditions",
            )
        },
    }
    token = Seal(site.settings).close(rulebook, Kept(safe, {"pain_site": ["below_kneecap"]}))
    visitor.post("/question", data={"token": token})
    assert visitor.question == "pain_site"
    assert "What you said before is filled in." in visitor.text
    assert 'value="below_kneecap" id="answer" checked' in visitor.html
    assert "pain_site" not in Seal(site.settings).open(rulebook, visitor.token).answers
    visitor.press("Continue", answer="below_kneecap")
    assert Seal(site.settings).open(rulebook, visitor.token).answers["pain_site"] == ["below_kneecap"]


def test_old_answers_are_asked_again(rulebook: afterrun.Rulebook) -> None:
    later = SETTINGS._replace(now=lambda: NOW + timedelta(days=1, seconds=1))
    with served(later) as server:
        visitor = Visitor(server.address).post(
            "/result", data={"token": Seal(SETTINGS).close(rulebook, Kept(SAID))}
        )
        says_what_to_do(visitor, 409)
        assert "some time ago" in visitor.text
        assert visitor.press("Go on").question == "age_years"


def test_answers_grow_no_younger_by_being_looked_at(rulebook: afterrun.Rulebook) -> None:
    hours = 0

    def seal() -> Seal:
        return Seal(SETTINGS._replace(now=lambda: NOW + timedelta(hours=hours)))

    token = seal().close(rulebook, Kept())
    for hours in (3, 20, 26):  # noqa: B007
        kept = seal().open(rulebook, token)
        token = seal().close(rulebook, kept._replace(answers={**kept.answers, **SAID}))
    hours = 28
    with pytest.raises(Outdated) as old:
        seal().open(rulebook, token)
    assert seal().open(rulebook, seal().close(rulebook, old.value.kept)).before


def test_a_form_sent_twice_gives_the_same_page(site: Served, visitor: Visitor) -> None:
    visitor.press("Begin")
    sent = {"token": visitor.token, "question": "age_years", "do": "answer", "answer": "41"}
    pages = [visitor.post("/question", data=sent).text for _ in range(2)]
    assert pages[0] == pages[1]
    assert visitor.question == "warning_signs"


def test_two_tabs_do_not_meet(site: Served, rulebook: afterrun.Rulebook, visitor: Visitor) -> None:
    token = visitor.press("Begin").token
    for age in ("41", "52"):
        visitor.post(
            "/question", data={"token": token, "question": "age_years", "do": "answer", "answer": age}
        )
        assert Seal(site.settings).open(rulebook, visitor.token).answers == {"age_years": int(age)}


@pytest.mark.parametrize(
    ("question", "told"),
    [("no_such", "There is no such question."), ("worst_pain", "That question is not asked now.")],
)
@pytest.mark.parametrize("do", ["answer", "change", "pass", "list", "unknown", "none"])
def test_a_question_that_is_not_asked_changes_nothing(
    site: Served, rulebook: afterrun.Rulebook, visitor: Visitor, question: str, told: str, do: str
) -> None:
    token = site.seal(rulebook, SAID)
    visitor.post("/question", data={"token": token, "question": question, "do": do, "answer": "3"})
    assert told in visitor.text
    assert visitor.question == "right_now"
    assert Seal(site.settings).open(rulebook, visitor.token).answers == SAID


def test_a_button_that_no_page_has_answers_nothing(
    site: Served, rulebook: afterrun.Rulebook, visitor: Visitor
) -> None:
    sent = {"token": site.seal(rulebook, SAID), "question": "right_now", "do": "shutdown"}
    visitor.post("/question", data=sent)
    assert (visitor.status, visitor.question) == (422, "right_now")


@pytest.mark.parametrize("path", PATHS)
def test_another_kind_of_content_is_refused(visitor: Visitor, path: str) -> None:
    says_what_to_do(visitor.post(path, json={"token": "x"}), 415)
    says_what_to_do(visitor.post(path, files={"token": b"x"}), 415)
    says_what_to_do(visitor.post(path), 415)


@pytest.mark.parametrize(
    "content", [b"token=%ff%fe", "&".join(f"a{place}=1" for place in range(300)).encode(), b"\xff\xfe\x00"]
)
def test_a_form_that_is_none_is_refused(visitor: Visitor, content: bytes) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    says_what_to_do(visitor.post("/question", content=content, headers=kind), 400)


def test_addresses_of_forms_and_of_nothing_say_where_to_begin(visitor: Visitor) -> None:
    for path in PATHS:
        says_what_to_do(visitor.open(path), 405)
        assert "in the page that you left" in visitor.text
    for path in (
        "/no-such-page",
        "/static/x/../../settings.py",
        "/static/x/settings.py",
        "/docs",
        "/openapi.json",
    ):
        says_what_to_do(visitor.open(path), 404)


@pytest.mark.parametrize("size", [70_000, 50_000_000])
def test_a_body_that_is_too_large_is_read_away_and_refused(visitor: Visitor, size: int) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    says_what_to_do(visitor.post("/question", content=b"a" * size, headers=kind), 413)
    assert "64 kB" in visitor.text

    def in_pieces() -> Iterator[bytes]:
        for _ in range(size // 10_000):
            yield b"a" * 10_000

    # Without a length that could be looked at before.
    says_what_to_do(visitor.post("/question", content=in_pieces(), headers=kind), 413)
    shouted = {"Content-Type": "Application/X-WWW-Form-URLencoded; charset=utf-8"}
    says_what_to_do(visitor.post("/question", content=b"a" * size, headers=shouted), 413)


def test_a_refusal_keeps_nothing_of_what_was_refused(visitor: Visitor) -> None:
    for _ in range(2):
        visitor.open("/static/a/b")
        visitor.post("/question", content=b"token=%ff", headers={"Content-Type": FORM})
        visitor.post("/question", content=b"token", headers={"Content-Type": "text/plain"})
    for each in (TOLD[404], UNREADABLE, NO_FORM):
        assert (each.__traceback__, each.__context__, each.__cause__) == (None, None, None)


def test_what_says_that_it_is_too_large_is_not_looked_at(visitor: Visitor) -> None:
    says_what_to_do(
        visitor.post("/question", content=b"a" * 6_000_000, headers={"Content-Type": "text/csv"}), 413
    )
    assert "5 MB" in visitor.text


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""])
def test_another_name_of_this_machine_is_not_answered(visitor: Visitor, host: str) -> None:
    says_what_to_do(visitor.post("/question", headers={"Host": host}), 421)


@pytest.mark.parametrize("where", ["cross-site", "same-site"])
def test_another_site_sends_nothing_here(
    site: Served, rulebook: afterrun.Rulebook, visitor: Visitor, where: str
) -> None:
    sent = {"token": site.seal(rulebook, SAID)}
    says_what_to_do(visitor.post("/result", data=sent, headers={"Sec-Fetch-Site": where}), 403)
    assert visitor.post("/result", data=sent, headers={"Sec-Fetch-Site": "same-origin"}).status == 200


def test_whoever_does_not_speak_http_ends_nothing(site: Served, visitor: Visitor) -> None:
    host, port = site.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as stream:
        stream.sendall(b"\x16\x03\x01\x00\xff nonsense\r\n\r\n")
        stream.recv(1000)
    assert visitor.open("/").status == 200


def test_a_fault_is_a_page_and_no_log_tells_of_answers(
    site: Served, rulebook: afterrun.Rulebook, visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    """A form with our seal and no answers of ours cannot be; if it were, nothing of it would be told."""
    with caplog.at_level(logging.DEBUG):
        for path in PATHS:
            visitor.post(path, data={"token": site.seal(rulebook, {"age_years": CANARY})})
            says_what_to_do(visitor, 500)
            assert "There is no result." in visitor.text
    told = "\n".join(caplog.messages)
    assert "IntakeError at " in told
    assert CANARY not in told + visitor.html


def test_no_log_and_no_address_tells_of_answers(
    site: Served, rulebook: afterrun.Rulebook, visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        visitor.press("Begin").press("Continue", answer="41").press("Continue", answer="saddle_bladder")
        visitor.press("Show the result").press("Why").press("Change an answer")
    told = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("http"))
    assert not any(option.id in told for option in rulebook.questions["warning_signs"].options)
    assert all("?" not in address and "41" not in address.rpartition(":")[2][5:] for address in visitor.sent)
    assert {address.removeprefix(site.address) for address in visitor.sent} == {
        "/", "/question", "/result", "/why", "/answers",
    }  # fmt: skip


def test_the_seal_hides_what_it_carries(site: Served, rulebook: afterrun.Rulebook) -> None:
    token = site.seal(rulebook, SAID)
    assert token != site.seal(rulebook, SAID)
    packed = Fernet(site.settings.key).decrypt(token)
    assert b"warning_signs" in zlib.decompress(packed)
    assert packed.hex() not in token.encode().hex()
