"""A packed rulebook is the rulebook; whatever else lies in the cache is never taken for it."""

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from afterrun import Rulebook, RulebookError, assess, load_rulebook
from afterrun.rulebook import packed_rulebook, shipped
from afterrun.rulebook.packing.cache import MOST_PACKS, fingerprint
from afterrun.rulebook.packing.pack import FORMAT, PackError, pack_rulebook, unpack_rulebook
from tests.support.random_input.intakes import CALM, random_intake
from tests.support.random_input.rulebooks import random_rulebooks, small_rulebook, write_files

pytestmark = pytest.mark.slow


def assert_same(one: Rulebook, other: Rulebook) -> None:
    """Equal by every field that says something, and in what the types are."""
    for field in fields(Rulebook):
        if field.name == "base" and one.base is not None and other.base is not None:
            assert_same(one.base, other.base)
        elif not field.name.startswith("_"):
            mine, theirs = getattr(one, field.name), getattr(other, field.name)
            assert (mine, repr(mine)) == (theirs, repr(theirs)), field.name


class TestAPackIsTheRulebook:
    def test_the_shipped_one(self, rulebook: Rulebook) -> None:
        found = unpack_rulebook(pack_rulebook(rulebook, "here"), "here")
        assert_same(found, rulebook)
        chance = random.Random(7)
        for _ in range(50):
            intake = random_intake(rulebook, chance, CALM)
            assert assess(found, intake).to_dict() == assess(rulebook, intake).to_dict()

    def test_a_part_with_what_it_is_a_part_of(self, checkin_part: Rulebook) -> None:
        assert_same(unpack_rulebook(pack_rulebook(checkin_part, "")), checkin_part)

    @pytest.mark.slow
    def test_rulebooks_of_every_shape(self, tmp_path: Path) -> None:
        for _, rulebook in random_rulebooks(tmp_path, range(12)):
            assert_same(unpack_rulebook(pack_rulebook(rulebook, "")), rulebook)

    def test_packing_again_gives_the_same_text(self, rulebook: Rulebook) -> None:
        text = pack_rulebook(rulebook, "")
        assert pack_rulebook(unpack_rulebook(text), "") == text


def sealed(text: str, first: object) -> str:
    """A pack that says it is whole, with something else for what each assessment needs."""
    _, _, *rest = text.splitlines(keepends=True)
    body = "".join([f"{first if isinstance(first, str) else json.dumps(first)}\n", *rest])
    header = {"format": FORMAT, "made_from": "", "sha256": hashlib.sha256(body.encode()).hexdigest()}
    return f"{json.dumps(header)}\n{body}"


class TestATextThatIsNoPack:
    def test_one_that_was_damaged_anywhere_is_refused(self, rulebook: Rulebook) -> None:
        text = pack_rulebook(rulebook, "")
        chance = random.Random(3)
        for _ in range(200):
            place = chance.randrange(len(text))
            other = chance.choice("0[]\n,x")
            spoiled = text[:place] + chance.choice([other + text[place + 1 :], text[place + 1 :], ""])
            if spoiled != text:
                with pytest.raises(PackError):
                    unpack_rulebook(spoiled)

    def test_one_made_from_something_else_is_refused(self, rulebook: Rulebook) -> None:
        with pytest.raises(PackError, match="something else"):
            unpack_rulebook(pack_rulebook(rulebook, "one"), "another")

    @pytest.mark.parametrize("kind", [
        "os.system", "subprocess.Popen", "reading.files.read_rulebook", "packing.pack.partial", "model.Any",
        "model.dataclass", "logic.Iterable", "schema.Rule", "schema.rules.Answers", "..errors.Problem",
        "formulas.compute", "model.Rulebook.x",
    ])  # fmt: skip
    def test_no_kind_but_ours_is_made_of_one(self, rulebook: Rulebook, kind: str) -> None:
        named = [[[kind], ["dict"]], [], [1, "rules", [0, "touch made"]]]
        with pytest.raises(PackError, match="none of ours"):
            unpack_rulebook(sealed(pack_rulebook(rulebook, ""), named))

    @pytest.mark.parametrize("first", [
        "", "[]", "[[],[],{}]", "[" * 100_000, "null", "[[],[],[-1]]", "[[],[],[0]]", '[[["dict"]],[],[0,1]]',
        '[[["Decimal"]],[],[0,"x"]]', '[[["Fraction"]],[],[0,1,0]]', '[[["schema.rules.Rule","id"]],[],[0]]',
    ])  # fmt: skip
    def test_nonsense_is_refused(self, rulebook: Rulebook, first: str) -> None:
        with pytest.raises(PackError):
            unpack_rulebook(sealed(pack_rulebook(rulebook, ""), first))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small rulebook."""
    question = {
        "id": "sore",
        "type": "single",
        "options": [{"id": each, "text": each} for each in ("no", "yes")],
    }
    rule = {"id": "sore-rule", "if": {"sore": {"is": "yes"}}, "then": "found"}
    return write_files(tmp_path / "rulebook", small_rulebook([rule], [question], ["found"]))


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Where packs are kept; not there yet."""
    return tmp_path / "cache/rulebooks"


@pytest.fixture
def forged(folder: Path, cache: Path, rulebook: Rulebook) -> Path:
    """A pack in the cache that says it was made from the folder, and holds another rulebook."""
    load_rulebook(folder, cache=cache)
    (pack,) = cache.iterdir()
    pack.write_text(pack_rulebook(rulebook, fingerprint(folder, None)), encoding="ascii")
    return pack


class TestTheCache:
    def test_what_was_read_is_kept_for_its_owner_alone(self, folder: Path, cache: Path) -> None:
        read = load_rulebook(folder, cache=cache)
        (pack,) = cache.iterdir()
        assert (cache.stat().st_mode & 0o777, pack.stat().st_mode & 0o777) == (0o700, 0o600)
        assert_same(load_rulebook(folder, cache=cache), read)

    def test_what_is_kept_is_taken(self, folder: Path, cache: Path, forged: Path, rulebook: Rulebook) -> None:
        assert load_rulebook(folder, cache=cache).digest == rulebook.digest

    def test_whoever_reads_anew_or_names_no_cache_reads_the_files(
        self, folder: Path, cache: Path, forged: Path
    ) -> None:
        assert "sore" in load_rulebook(folder, cache=cache, anew=True).questions
        assert "sore" in load_rulebook(folder).questions

    @pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
    def test_a_pack_that_others_may_write_is_made_anew(
        self, folder: Path, cache: Path, forged: Path, mode: int
    ) -> None:
        forged.chmod(mode)
        assert "sore" in load_rulebook(folder, cache=cache).questions
        assert forged.stat().st_mode & 0o777 == 0o600
        assert "sore" in load_rulebook(folder, cache=cache).questions

    def test_nothing_in_a_folder_that_others_may_write_is_taken_or_kept(
        self, folder: Path, cache: Path, forged: Path
    ) -> None:
        before = forged.read_bytes()
        cache.chmod(0o777)
        assert "sore" in load_rulebook(folder, cache=cache).questions
        assert forged.read_bytes() == before

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
    def test_nothing_of_somebody_else_is_taken(self, folder: Path, cache: Path, forged: Path) -> None:
        os.chown(forged, 12345, -1)
        assert "sore" in load_rulebook(folder, cache=cache).questions
        os.chown(cache, 12345, -1)
        assert "sore" in load_rulebook(folder, cache=cache).questions

    def test_a_link_is_not_followed(self, folder: Path, cache: Path, forged: Path, tmp_path: Path) -> None:
        forged.rename(tmp_path / "elsewhere")
        forged.symlink_to(tmp_path / "elsewhere")
        assert "sore" in load_rulebook(folder, cache=cache).questions

    @pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{}\n", b"[" * 100_000])
    def test_a_damaged_pack_is_made_anew(
        self, folder: Path, cache: Path, forged: Path, content: bytes
    ) -> None:
        forged.write_bytes(content)
        assert "sore" in load_rulebook(folder, cache=cache).questions
        assert unpack_rulebook(forged.read_text(encoding="ascii"), fingerprint(folder, None)).questions

    def test_a_changed_file_is_noticed_at_once(self, folder: Path, cache: Path) -> None:
        load_rulebook(folder, cache=cache)
        path = folder / "rules/rules.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace("yes", "no"), encoding="utf-8")
        assert assess(load_rulebook(folder, cache=cache), {"sore": "no"}).fired == ("sore-rule",)

    def test_a_file_that_comes_or_goes_is_noticed(self, folder: Path) -> None:
        before = fingerprint(folder, None)
        (folder / "rules/more.yaml").write_text("[]\n", encoding="utf-8")
        assert fingerprint(folder, None) != before
        (folder / "rules/more.yaml").rename(folder / "rules/other.yaml")
        assert len({before, fingerprint(folder, None), fingerprint(folder, "checkin")}) == 3

    def test_a_broken_rulebook_is_told_every_time_and_not_kept(self, folder: Path, cache: Path) -> None:
        (folder / "rules/rules.yaml").write_text("- id: x\n", encoding="utf-8")
        for _ in range(2):
            with pytest.raises(RulebookError, match=r"rules/rules\.yaml:1: x: the key 'if' is missing"):
                load_rulebook(folder, cache=cache)
        assert not cache.exists()

    def test_without_a_place_to_keep_it_all_goes_on(self, folder: Path, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("", encoding="utf-8")
        assert "sore" in load_rulebook(folder, cache=tmp_path / "file/rulebooks").questions
        sealed_off = tmp_path / "sealed"
        sealed_off.mkdir(mode=0o500)
        assert "sore" in load_rulebook(folder, cache=sealed_off / "rulebooks").questions

    def test_the_oldest_go_first(self, folder: Path, cache: Path) -> None:
        for number in range(MOST_PACKS + 3):
            (folder / "rules/more.yaml").write_text(f"# {number}\n[]\n", encoding="utf-8")
            load_rulebook(folder, cache=cache)
            os.utime(cache / f"{fingerprint(folder, None)}.pack", (number, number))
        assert len([*cache.iterdir()]) == MOST_PACKS
        assert (cache / f"{fingerprint(folder, None)}.pack").exists()

    @pytest.mark.slow
    def test_a_part_is_kept_with_what_it_is_a_part_of(self, checkin_part: Rulebook, cache: Path) -> None:
        for _ in range(2):
            assert_same(load_rulebook(part="checkin", cache=cache), checkin_part)


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """The code as a wheel lays it out, with the rulebook packed beside its files."""
    shutil.copytree(Path(load_rulebook.__code__.co_filename).parents[1], tmp_path / "afterrun")
    for each in ("rules", "knowledge"):
        shutil.copytree(shipped() / each, tmp_path / "afterrun/shipped" / each)
    (tmp_path / "afterrun/shipped/main.pack").write_text(packed_rulebook(), encoding="ascii")
    return tmp_path


def loaded_by(program: str, *paths: Path) -> set[str]:
    """The slow modules that a program has loaded when it ends."""
    asked = "import sys\nprint({'yaml', 'pydantic', 'pydantic_core', 'icalendar'} & set(sys.modules))"
    ran = subprocess.run(
        [sys.executable, "-c", f"{program}\n{asked}"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths or sys.path))},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(eval(ran.stdout.splitlines()[-1]))


ASSESS = """
import json, afterrun
from pathlib import Path
rulebook = afterrun.load_rulebook({how})
intake = json.loads(Path({file!r}).read_text())
assert afterrun.assess(rulebook, intake).triage
"""


@pytest.mark.slow
@pytest.mark.process
class TestAStart:
    @pytest.fixture
    def intake(self, tmp_path: Path, rulebook: Rulebook) -> str:
        file = tmp_path / "intake.json"
        file.write_text(json.dumps({"warning_signs": ["calf_swollen"]}), encoding="utf-8")
        return str(file)

    def test_from_a_cache_loads_neither_yaml_nor_pydantic(self, cache: Path, intake: str) -> None:
        program = ASSESS.format(how=f"cache=Path({str(cache)!r})", file=intake)
        assert loaded_by(program) == {"yaml", "pydantic_core"}
        assert loaded_by(program) == set()

    def test_of_a_wheel_needs_no_cache(self, wheel: Path, intake: str) -> None:
        program = ASSESS.format(how="", file=intake)
        assert loaded_by(program, wheel) == set()
        path = wheel / "afterrun/shipped/rules/findings.yaml"
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        assert loaded_by(program, wheel) == {"yaml", "pydantic_core"}

    def test_of_several_processes_at_once_leaves_a_whole_pack(self, cache: Path, intake: str) -> None:
        program = ASSESS.format(how=f"cache=Path({str(cache)!r})", file=intake)
        started = [
            subprocess.Popen(
                [sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
            )
            for _ in range(4)
        ]
        assert [each.wait(timeout=120) for each in started] == [0] * 4
        assert [path.suffix for path in cache.iterdir()] == [".pack"]
        assert loaded_by(program) == set()
