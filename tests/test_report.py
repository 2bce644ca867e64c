"""The report: its figures are those of the table, its page stands alone, and odd tables make no odd pages."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ruminate.batch import BatchOptions, run_batch
from ruminate.cli import main
from ruminate.errors import InputError
from ruminate.frames import assess_frame, read_results
from ruminate.report import read_study, report_page, write_report
from ruminate.results import LABELS

RUMINATION = "I keep going over what I said to her. It's all my fault, I ruin everything, as always. Why am I like this?"
REFLECTION = "I noticed I was anxious when she went quiet. Maybe she was tired. I don't know yet, and that's all right. Next time I'll ask her first."
NEITHER = "Bought bread and milk on the way home, then cooked for four and watched the football."
VOID = {"meta", "link", "br", "img", "path", "use", "rect", "clippath", "input", "hr"}


class Page(HTMLParser):
    """Reads a page strictly: every tag that is opened is closed, in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.wrong: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "script"):
            self.words.append(data)

    def every(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.seen if name == tag]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def rows(count: int) -> pd.DataFrame:
    texts = (RUMINATION, REFLECTION, NEITHER, NEITHER)
    return pd.DataFrame({
        "id": [f"e{at}" for at in range(count)],
        "author": [f"writer {at % 23}" for at in range(count)],
        "date": [f"2024-{1 + 2 * (at % 5):02d}-{1 + at % 27:02d}" for at in range(count)],
        "ward": [("A&E <b>", "north", None)[at % 3] for at in range(count)],
        "coded": [("rumination", "Reflection ", "neither", "neither", "unsure")[at % 5 if at % 5 != 3 else 2] for at in range(count)],
        "text": [f"{texts[at % 4]} That was day {at}." for at in range(count)],
    })  # fmt: skip


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    rows(240).to_csv(folder / "notes.csv", index=False)
    run_batch([folder / "notes.csv"], folder / "out.csv", BatchOptions(evidence=True))
    return folder / "out.csv"


@pytest.fixture(scope="module")
def page(results: Path) -> str:
    return report_page(read_study(results, group="ward", human="coded"))


def table(page: str, caption: str) -> list[list[str]]:
    """The rows of a table by its caption."""
    found = re.search(rf"<caption>{re.escape(caption)}</caption>.*?<tbody>(.*?)</tbody>", page, re.DOTALL)
    assert found, caption
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", found[1])]


def test_the_figures_are_those_of_the_table(page: str, results: Path) -> None:
    frame = read_results(results)
    counted = {row[0]: row[1] for row in table(page, "Labels")}
    assert counted == {label: str((frame["label"] == label).sum()) for label in (*LABELS, "uncertain")}
    both = frame[frame["label"].isin(LABELS)]
    coded = both["coded"].str.strip().str.lower()
    confusion = {row[0]: row[1:] for row in table(page, "Confusion: people&#39;s label by row, the program&#39;s by column")}
    assert confusion == {label: [str(((coded == label) & (both["label"] == other)).sum()) for other in LABELS] for label in LABELS}
    north = frame[frame["ward"] == "north"]
    here = {row[0]: row[1] for row in table(page, "Groups")}
    assert here["north: rumination"] == f"{(north['label'] == 'rumination').mean():.1%}"
    shares = {row[0]: row[2] for row in table(page, "Signs of rumination")}
    assert shares["self blame"].startswith(f"{(north['sign_self_blame'] > 0).mean():.1%} [")
    months = table(page, "By month")
    assert [row[:2] for row in months] == [[f"2024-0{at}-01", "48"] for at in (1, 3, 5, 7, 9)]
    lengths = frame["text"].str.findall(r"[\w']+").str.len()
    assert abs(int(table(page, "Length of the texts")[-1][1]) - lengths.max()) <= 4
    assert "48 texts have another word than" in Page(page).text
    assert "80 texts belong to no group" in Page(page).text


def test_the_page_is_whole_and_can_be_read_aloud(page: str) -> None:
    read = Page(page)
    assert read.wrong == []
    assert read.open == []
    assert read.every("html") == [{"lang": "en"}]
    headings = [int(tag[1]) for tag, _ in read.seen if re.fullmatch(r"h[1-6]", tag)]
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(second - first <= 1 for first, second in pairwise(headings)), "no level is skipped"
    drawn = read.every("svg")
    assert len(drawn) >= 6
    assert all(one["role"] == "img" and one["aria-label"] for one in drawn)
    assert page.count("</svg>") == page.count("<details>"), "every figure has its table"
    ids = [attributes["id"] for _, attributes in read.seen if attributes.get("id")]
    assert len(ids) == len({*ids})
    assert all((link["href"] or "").removeprefix("#") in ids for link in read.every("a"))
    assert len(read.every("table")) == len(read.every("caption"))
    assert all("scope" in cell for cell in read.every("th"))


def test_nothing_is_loaded_from_anywhere(page: str) -> None:
    bare = re.sub(r'\sxmlns(:\w+)?="[^"]+"', "", page)
    assert not re.search(r"https?://|url\((?!#)|@import|<script|<link|<img|<iframe|srcset", bare)
    assert "default-src 'none'" in page


def test_the_same_results_give_the_same_page(page: str, results: Path) -> None:
    assert report_page(read_study(results, group="ward", human="coded")) == page


def test_nothing_shames(page: str) -> None:
    assert not re.search(r"\byou (?:are|were|have)\b|\bruminators?\b|\bpatients?\b|\bsuffer|\bsevere|\bworse than\b|\babnormal", Page(page).text.lower())
    assert "It is no diagnosis" in page


def test_evidence_is_marked_and_everything_is_escaped(page: str) -> None:
    assert "A&amp;E &lt;b&gt;" in page
    assert "<b>" not in page
    assert '<mark class="rumination">' in page
    shown = [re.sub(r'<span class="sign">.*?</span>|<[^>]+>', "", one) for one in re.findall(r'<p class="text".*?</p>', page, re.DOTALL)]
    assert {one.split(" That was")[0].replace("&#39;", "'") for one in shown} == {RUMINATION, REFLECTION, NEITHER}, "the text is whole around its marks"


@pytest.mark.parametrize("written_redacted", [True, False])
def test_redacted_pages_hold_no_words(tmp_path: Path, written_redacted: bool) -> None:
    frame = rows(120)
    frame["text"] = frame["text"].str.replace("her", "Zanzibar")
    frame.to_csv(tmp_path / "notes.csv", index=False)
    run_batch([tmp_path / "notes.csv"], tmp_path / "out.parquet", BatchOptions(evidence=True, redact=written_redacted, keep=("ward",)))
    words = {word for text in frame["text"] for word in re.findall(r"[a-z']{4,}", text)}
    page = write_report(tmp_path / "out.parquet", tmp_path / "page.html", group="ward", redact=True).read_text("utf-8")
    assert "Zanzibar" not in page
    assert "holds no words of the texts" in page
    for text in (RUMINATION, REFLECTION, NEITHER):
        pieces = re.findall(r"(?=\b(\w[\w']*\W+\w[\w']*\W+\w[\w']*))", text)
        assert not [piece for piece in pieces if piece in page], "no three words in a row"
    assert {"bread", "football"} <= words
    assert "bread" not in page
    assert table(page, "Length of the texts")[0][0] == "shortest"
    if not written_redacted:
        assert "Zanzibar" in write_report(tmp_path / "out.parquet", tmp_path / "page.html").read_text("utf-8")


def test_examples_leave_out_names_and_crises(tmp_path: Path) -> None:
    texts = [f"{RUMINATION} I told Sarah Example.", f"{RUMINATION} I want to kill myself.", *[NEITHER] * 3]
    pd.DataFrame({"text": texts}).to_csv(tmp_path / "notes.csv", index=False)
    run_batch([tmp_path / "notes.csv"], tmp_path / "out.csv")
    page = report_page(read_study(tmp_path / "out.csv"))
    assert "Sarah" not in page
    assert "kill" not in page
    assert "cooked for four" in page


# odd tables


def made(path: Path, frame: pd.DataFrame) -> Path:
    assess_frame(frame, features=True).to_csv(path, index=False)
    return path


def test_one_row(tmp_path: Path) -> None:
    page = report_page(read_study(made(tmp_path / "one.csv", pd.DataFrame({"text": [NEITHER]}))))
    assert Page(page).wrong == []
    assert "No manifest lies beside the results" in page
    assert table(page, "Labels")[2][:2] == ["neither", "1"]


def test_one_author(tmp_path: Path) -> None:
    frame = rows(100).assign(author="one")
    page = report_page(read_study(made(tmp_path / "out.csv", frame), author="author", group="ward", human="coded", time="date"))
    assert "too few authors to draw from" in page
    assert "draw whole authors" not in page
    assert "nan" not in Page(page).text.lower().replace("dominant", "")


def test_all_abstained(tmp_path: Path) -> None:
    page = report_page(read_study(made(tmp_path / "out.csv", pd.DataFrame({"text": ["Tired."] * 70, "group": ["a", "b"] * 35, "coded": ["neither"] * 70})), group="group", human="coded"))
    assert {row[0]: row[1] for row in table(page, "Labels")} == {"reflection": "0", "rumination": "0", "neither": "0", "uncertain": "70"}
    assert "No text has a label of both" in page
    assert "nan" not in Page(page).text.lower()


def test_rows_without_an_assessment_are_counted(tmp_path: Path) -> None:
    page = report_page(read_study(made(tmp_path / "out.csv", pd.DataFrame({"text": [NEITHER, None, REFLECTION]}))))
    assert ["rows that could not be assessed", "1"] in table(page, "Checks")
    with pytest.raises(InputError, match="no row with an assessment"):
        read_study(made(tmp_path / "none.csv", pd.DataFrame({"text": [None, None]})))


def test_odd_times_and_small_groups(tmp_path: Path) -> None:
    frame = rows(90)
    frame["date"] = ["soon", "31/31/2024", None, "2024-01-05"] * 22 + ["", "2024"]
    frame["ward"] = ["big"] * 80 + ["small"] * 10
    page = Page(report_page(read_study(made(tmp_path / "out.csv", frame), time="date", group="ward"))).text
    assert "have no time that can be read (column date)" in page
    assert "No course is shown" in page
    assert "fewer than 30 texts on one side: big, small" in page


def test_columns_that_are_gone(results: Path, tmp_path: Path) -> None:
    """The manifest names columns that somebody has dropped since: the report does without them."""
    frame = pd.read_csv(results, dtype=str, keep_default_na=False).drop(columns=["text", "author", "date", "id"])
    frame.to_csv(tmp_path / "out.csv", index=False)
    (tmp_path / "out.csv.manifest.json").write_text(results.with_name("out.csv.manifest.json").read_text("utf-8"), "utf-8")
    study = read_study(tmp_path / "out.csv")
    assert (study.text, study.author, study.time) == (None, None, None)
    assert "holds no words of the texts" in report_page(study)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"group": "age"}, "no column 'age' for --group"), ({"group": "id"}, "240 different values"), ({"human": "ward"}, "none of the labels"),
        ({"author": "nobody"}, "no column 'nobody' for --author"), ({"time": "when"}, "no column 'when' for --time"),
    ],
)  # fmt: skip
def test_errors_say_what_to_do(results: Path, asked: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=says):
        read_study(results, **asked)


def test_what_is_no_table_of_results(results: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no file"):
        read_study(tmp_path / "nothing.csv")
    pd.DataFrame({"label": ["neither"], "p_rumination": [0.1]}).to_csv(tmp_path / "half.csv", index=False)
    with pytest.raises(InputError, match="no column 'abstained'"):
        read_study(tmp_path / "half.csv")
    (tmp_path / "broken.csv").write_bytes(results.read_bytes())
    (tmp_path / "broken.csv.manifest.json").write_text("{", "utf-8")
    with pytest.raises(InputError, match=r"broken\.csv\.manifest\.json can't be read"):
        read_study(tmp_path / "broken.csv")


def test_the_command(results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "new folder" / "page.html"
    assert main(["report", str(results), "-o", str(place), "--group", "ward", "--human", "coded", "--title", "Ward & notes"]) == 0
    assert "page.html" in capsys.readouterr().out
    assert "<h1>Ward &amp; notes</h1>" in place.read_text("utf-8")
    assert main(["report", str(tmp_path / "no.csv"), "-o", str(place)]) != 0
    assert "there is no file" in capsys.readouterr().err


def test_the_manifest_is_shown(page: str, results: Path) -> None:
    manifest = json.loads(results.with_name("out.csv.manifest.json").read_text("utf-8"))
    run = {row[0]: row[1] for row in table(page, "The run")}
    assert run["sha256 of the signs"] == manifest["signs_sha256"]
    assert run["input notes.csv"] == "240 rows"
    assert run["authors (column author)"] == "23"
