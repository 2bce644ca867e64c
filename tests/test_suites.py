"""Suites: outside collections, signs and places, the registry, the page. Texts here are made up."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from ruminate.analyzer import Analyzer
from ruminate.cli import main
from ruminate.errors import InputError
from ruminate.evaluation.answers import Answers, from_analyzer, from_predictions
from ruminate.evaluation.evidence import signs_by_text, spans_by_place
from ruminate.evaluation.external import COLLECTIONS, FILES, judge_journals, judge_reframing, judge_teachers, judge_worry, read_external
from ruminate.evaluation.records import Record
from ruminate.evaluation.registry import LABELLED, SUITES, judge_all

LOOP = "I keep going over it. It's all my fault, I ruin everything."
CALM = "Maybe she was tired. Next time I'll ask before I explain."
PLAIN = "We had soup and took the bus."
SIDES = {"self_blame": "rumination", "replaying": "rumination", "curiosity": "reflection"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Copies of the four collections as a user would have them, with rows of our own."""
    rows = {
        "cognitive_reframing.csv": [{"situation": f"s{at // 2}", "thought": LOOP, "reframe": CALM} for at in range(6)],
        "covid_worry.csv": [{"text_long": text, "worry": str(worry), "anxiety": str(worry)} for text, worry in ((PLAIN, 2), (PLAIN, 3), (LOOP, 8), (LOOP, 9))],
        "cered_train.tsv": [{"idx": str(at), "sentence": text, "y": kind} for at, (text, kind) in enumerate(((CALM, "Reflection"), (PLAIN, "Experience"), (PLAIN, "Other"), (LOOP, "Feeling")))],
        "lemotif.csv": [{"Answer": PLAIN, "Answer.f1.sad.raw": "FALSE"}, {"Answer": LOOP, "Answer.f1.sad.raw": "TRUE"}],
    }
    for name, listed in rows.items():
        with (tmp_path / name).open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, fieldnames=list(listed[0]), delimiter="\t" if name.endswith("tsv") else ",")
            writer.writeheader()
            writer.writerows(listed)
    return tmp_path


def says(records: list[Record], right: bool) -> Answers:
    """What a system would say that is right about the three texts, or wrong about all."""
    good = {LOOP: [0.1, 0.8, 0.1], CALM: [0.8, 0.1, 0.1], PLAIN: [0.1, 0.1, 0.8]}
    bad = {LOOP: [0.8, 0.1, 0.1], CALM: [0.1, 0.8, 0.1], PLAIN: [0.1, 0.8, 0.1]}
    return Answers("made up", np.array([(good if right else bad)[record.text] for record in records]))


@pytest.mark.parametrize("right", [True, False])
def test_outside_collections_tell_right_from_wrong(folder: Path, right: bool) -> None:
    found = {name: read_external(name, folder) for name in COLLECTIONS}
    share = float(right)
    pairs = judge_reframing(found["reframing"], says(found["reframing"], right))
    assert pairs["thought ranks above its reframe as rumination"].value == share
    assert pairs["reframe ranks above its thought as reflection"].value == share
    assert pairs["reframes called rumination"].value == 1.0 - share
    worry = judge_worry(found["worry"], says(found["worry"], right))
    assert worry["Spearman with worry"].value == pytest.approx(0.894 if right else -0.894, abs=0.01)
    assert worry["called rumination, worry 1 to 4"].value == 1.0 - share
    teachers = judge_teachers(found["teachers"], says(found["teachers"], right))
    assert teachers["AUC reflection against experience and other"].value == pytest.approx(1.0 if right else 0.5)
    journals = judge_journals(found["journals"], says(found["journals"], right))
    assert journals["called rumination, of entries with a dark feeling"].value == share


def test_one_probability_for_all_goes_along_with_nothing(folder: Path) -> None:
    for name, judge in (("worry", judge_worry), ("reframing", judge_reframing), ("teachers", judge_teachers)):
        records = read_external(name, folder)
        figures = judge(records, Answers("constant", np.tile([0.2, 0.3, 0.5], (len(records), 1))))
        assert next(iter(figures.values())).value == (0.0 if name == "worry" else 0.5)


def test_copies_that_are_not_the_collection_are_refused(folder: Path) -> None:
    with pytest.raises(InputError, match="no column 'situation'"):
        read_external("reframing", folder / "lemotif.csv")
    with pytest.raises(InputError, match=r"holds none of the files lemotif\.csv"):
        read_external("journals", (folder / "empty").mkdir() or folder / "empty")
    with pytest.raises(InputError, match="don't ship; give your copy: worry=PATH"):
        SUITES["worry"].records(None)
    assert set(FILES) == set(COLLECTIONS)


def test_signs_and_places_are_counted_by_hand(rules: Analyzer) -> None:
    first = Record(id="1", text=LOOP, label="rumination", source="s", group="1", signs=("self_blame", "curiosity"), spans=(("self_blame", "all my fault"),))
    second = Record(id="2", text=PLAIN, label="neither", source="s", group="2")
    assessments = [rules.assess(LOOP), rules.assess(PLAIN)]
    assert {"replaying", "self_blame"} <= set(assessments[0].signs)
    table = signs_by_text([first, second], assessments, SIDES)
    assert (table["self_blame"][0]["precision"].value, table["self_blame"][0]["recall"].value, table["self_blame"][1]) == (1.0, 1.0, 1)
    assert (table["curiosity"][0]["recall"].value, table["replaying"][0]["precision"].value) == (0.0, 0.0)
    assert table["all signs"][0]["F1"].value == pytest.approx(0.5)
    places = spans_by_place([first, second], assessments, SIDES)
    assert places["same sign"][0]["recall"].value == 1.0
    ours = [item for item in assessments[0].evidence if item.sign in SIDES and item.cancelled_by is None]
    assert places["same sign"][0]["precision"].value == pytest.approx(sum(item.quote in LOOP[20:] and item.sign == "self_blame" for item in ours) / len(ours), abs=0.5)
    assert places["same side"][1] == 1


def test_each_suite_takes_part_where_it_can(authored: list[Record], tmp_path: Path) -> None:
    some = authored[:60]
    texts, mine = tmp_path / "texts.jsonl", tmp_path / "mine.csv"
    texts.write_text("".join(json.dumps({"id": one.id, "text": one.text, "label": one.label, "set": one.contrast, "hard": one.hard, "signs": one.signs}) + "\n" for one in some))
    mine.write_text("id,label\n" + "".join(f"{one.id},{one.label}\n" for one in some))
    report = judge_all([(name, texts) for name in LABELLED], [from_analyzer(Analyzer(None), "rules"), from_predictions(mine)])
    assert list(report) == list(LABELLED)
    assert report["table"]["contestants"]["mine.csv"]["headline"]["kappa"][0] == 1.0
    assert report["table"]["contestants"]["mine.csv"]["details"]["confusion"] == np.diag([sum(one.label == label for one in some) for label in ("reflection", "rumination", "neither")]).tolist()
    assert report["pairs"]["contestants"]["mine.csv"]["headline"]["pairs ranked right, all"][0] == 1.0
    assert report["signs"]["contestants"]["mine.csv"] is None
    assert report["signs"]["contestants"]["rules"]["headline"]["any sign of rumination, recall"][0] > 0.3
    assert report["shift"]["contestants"]["rules"] is None, "no text of these is known to turn"


def test_texts_are_written_out_without_labels(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = folder / "texts.jsonl"
    assert main(["evaluate", f"external={folder}", "--texts", str(out)]) == 0
    lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert {key for line in lines for key in line} == {"id", "text"}
    assert len(lines) == 12 + 4 + 4 + 2
    assert "22 texts" in capsys.readouterr().out


def test_the_page_holds_figures_and_no_text(folder: Path, authored: list[Record], capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib")
    texts, page, out = folder / "texts.jsonl", folder / "page.html", folder / "out.json"
    texts.write_text("".join(json.dumps({"id": one.id, "text": one.text, "label": one.label, "set": one.contrast, "hard": one.hard}) + "\n" for one in authored[:90]))
    assert main(["evaluate", str(texts), f"external={folder}", "--report", str(page), "--json", str(out)]) == 0
    html = page.read_text("utf-8")
    assert html.count('<svg role="img" aria-label="') == html.count("<figure>") >= 6
    assert "default-src 'none'" in html
    assert "://" not in html.replace('xmlns="http://www.w3.org/2000/svg"', "").replace('xmlns:xlink="http://www.w3.org/1999/xlink"', "")
    for word in ("Thoughts and reframes", "Calibration", "Abstention", "no words of the texts"):
        assert word in html
    everything = html + out.read_text("utf-8") + capsys.readouterr().out
    for text in (LOOP, CALM, PLAIN, *(one.text for one in authored[:90])):
        assert text[:25] not in everything
    json.loads(out.read_text("utf-8"), parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


def test_what_is_no_suite_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "tabel"]) == 1
    assert "there is no suite and no file 'tabel'" in capsys.readouterr().err
    assert main(["evaluate", "external"]) == 1
    assert "external=FOLDER" in capsys.readouterr().err
