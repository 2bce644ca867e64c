"""Signs, lists and wording of a host's own, laid over ours."""

from __future__ import annotations

import json
import pickle
import shutil
from pathlib import Path

import pytest

from ruminate.analyzer import Analyzer
from ruminate.cli import main
from ruminate.errors import SignError
from ruminate.guidance import load_wording
from ruminate.signs.catalogue import load_signs
from ruminate.signs.checking import check_folder

EXAMPLES = Path(__file__).parents[1] / "examples"
TEACHERS = EXAMPLES / "teacher_signs"
LESSON = "Nobody listened today, which proves I can't teach. I was losing the lesson again by ten past nine. It's all my fault."
GOOD = '''title = "Checks the weather"
side = "reflection"
definition = "d"
why = "w"
patterns = ["the sky (was|looked) grey"]
hits = ["[The sky was grey] by noon."]
misses = ["She told me the paint was grey."]
'''


@pytest.fixture(scope="module")
def teachers() -> Analyzer:
    return Analyzer(None, signs=[TEACHERS], wording=load_wording(EXAMPLES / "teacher_wording"))


def test_added_signs_are_found_counted_and_answered(teachers: Analyzer, rules: Analyzer) -> None:
    found = teachers.assess(LESSON)
    assert [item.quote for item in found.evidence if item.sign == "lesson_as_verdict"] == ["proves I can't teach", "losing the lesson again"]
    assert found.signs["lesson_as_verdict"] == 1.5
    assert "lesson_as_verdict" in {entry.sign for entry in found.guidance}
    assert "self_blame" in found.signs, "our signs stay"
    assert found.probabilities["rumination"] > rules.assess(LESSON).probabilities["rumination"]


def test_scope_holds_for_own_signs(teachers: Analyzer) -> None:
    found = teachers.assess("My mentor said I'm not cut out for teaching.").evidence
    assert [item.cancelled_by for item in found if item.sign == "lesson_as_verdict"] == ["reported"]


def test_others_are_left_alone(teachers: Analyzer, analyzer: Analyzer) -> None:
    """No registry: an analyzer without own signs never hears of them."""
    assert "lesson_as_verdict" not in load_signs().signs
    assert "lesson_as_verdict" not in analyzer.assess(LESSON).signs
    assert teachers.assess("Bought bread and milk.").evidence == ()


def test_a_sign_of_ours_is_overridden(tmp_path: Path) -> None:
    (tmp_path / "curiosity.toml").write_text(GOOD)
    own = Analyzer(signs=[tmp_path])
    assert [item.sign for item in own.assess("The sky was grey. I wonder what made it so.").evidence] == ["curiosity"]
    assert own._extractor.table.names == Analyzer()._extractor.table.names, "the table of features keeps its columns"


def test_processes_and_pickles_get_the_signs_without_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "signs"
    shutil.copytree(TEACHERS, folder)
    own = Analyzer(None, signs=[folder])
    shutil.rmtree(folder)
    expected = own.assess(LESSON)
    assert pickle.loads(pickle.dumps(own)).assess(LESSON) == expected
    assert list(own.assess_many([LESSON] * 2, n_jobs=2)) == [expected] * 2


@pytest.mark.parametrize("signs", [["no_such_folder"], "no_such_folder"])
def test_a_wrong_argument_is_named(signs: object) -> None:
    with pytest.raises(SignError, match=r"no_such_folder|a list of folders"):
        Analyzer(signs=signs)  # type: ignore[arg-type]


def test_wording_is_laid_over_ours_entry_by_entry(tmp_path: Path) -> None:
    (tmp_path / "labels.toml").write_text('[label.neither]\ntitle = "Erzählt"\nsays = "Dieser Eintrag erzählt."\n', encoding="utf-8")
    (tmp_path / "crisis.toml").write_text('message = "Ruf an: 112."\n')
    wording = load_wording(tmp_path)
    assert wording.labels["label.neither"] == ("Erzählt", "Dieser Eintrag erzählt.")
    assert wording.labels["label.reflection"] == load_wording().labels["label.reflection"]
    assert wording.crisis["message"] == "Ruf an: 112."
    assert wording.crisis["patterns"] == load_wording().crisis["patterns"], "a translated message never loses the screen"
    assert set(wording.questions) == set(load_wording().questions)


def test_the_worked_example_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["signs", "check", str(TEACHERS)]) == 0
    assert capsys.readouterr().out == "2 sign files, no problems\n"


def test_files_of_ours_pass(tmp_path: Path) -> None:
    for name in ("_lists", "curiosity", "mind_reading"):
        shutil.copy(Path(__file__).parents[1] / "src" / "ruminate" / "signs" / f"{name}.toml", tmp_path)
    assert check_folder(tmp_path) == (2, ())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("side = ", "sides = "), "grey.toml: sides: no such key"),
        (("[The sky was grey]", "[The sky] was grey"), "grey.toml: hits[0]: expected “The sky”, found “The sky was grey”"),
        (("[The sky was grey]", "The sky was grey"), "grey.toml: hits[0]: no [span] is marked"),
        (("She told me the paint", "Today the sky"), "grey.toml: misses[0]: nothing may count here, found “the sky was grey”"),
        (('grey"]\nhits', 'grey", "rain fell"]\nhits'), "grey.toml: patterns[1]: no hit uses this pattern"),
        (("(was|looked)", "(was|looked"), "grey.toml: patterns[0]: "),
        (("(was|looked)", "$nothing"), "grey.toml: patterns[0]: "),
        (('misses = ["She told me the paint was grey."]', "misses = []\nknown_failures = ['[The sky looked grey].']"), "grey.toml: known_failures[0]: does not fail any more"),
        (("title = ", "title "), "grey.toml: not valid TOML"),
    ],
    ids=range(9),
)
def test_every_problem_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str], change: tuple[str, str], says: str) -> None:
    (tmp_path / "grey.toml").write_text(GOOD.replace(*change), encoding="utf-8")
    (tmp_path / "fine.toml").write_text(GOOD, encoding="utf-8")
    assert main(["signs", "check", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert says in out
    assert "fine.toml" not in out, "one wrong file hides no other, and blames no other"
    assert main(["signs", "check", str(tmp_path), "--json"]) == 1
    assert says.split(": ", maxsplit=1)[0] in json.loads(capsys.readouterr().out)["problems"][0]["file"]


def test_files_that_can_not_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "_lists.toml").write_text("mine = 1")
    (tmp_path / "Grey-Sky.toml").write_bytes(b"title = '\xff'")
    assert main(["signs", "check", str(tmp_path)]) == 1
    assert "_lists.toml: mine: a list of texts" in capsys.readouterr().out
    (tmp_path / "_lists.toml").unlink()
    main(["signs", "check", str(tmp_path)])
    assert {line.split(": ")[1] for line in capsys.readouterr().out.splitlines()[:2]} == {"not UTF-8", "the file's name is the sign's id"}
    assert main(["signs", "check", str(tmp_path / "none")]) == 1
    assert main(["signs", "check"]) == 2
    assert main(["signs", "curiosity", "x"]) == 2
