"""Showing an assessment as HTML: accessible, escaped, nothing left to colour alone."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ruminate
from ruminate.analyzer import Analyzer
from ruminate.guidance import load_wording, supervision_agenda
from ruminate.render import html, terminal
from ruminate.results import Assessment

ENTRY = (
    "I keep going over what I said to her. My boss said I'm a failure. Why am I like this? It's all my fault.\n\n"
    "Maybe she was tired. I noticed I was anxious when the silence came. Next time I'll ask before I explain."
)
VOID = {"meta", "line", "polyline", "br"}


class Page(HTMLParser):
    """Reads a page as a browser would: its tags, attributes, and the text a person sees."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.seen: list[str] = []
        self.inside_text: list[str] = []
        self.feed(source)
        self.close()
        assert self.open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(f"{tag}.{dict(attrs).get('class') or ''}")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().split(".")[0] == tag, "elements are nested"

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1].startswith("style"):
            return
        self.seen.append(data)
        if "div.text" in self.open and not any(tag.startswith("span") for tag in self.open):
            self.inside_text.append(data)

    @property
    def names(self) -> set[str]:
        return {tag for tag, _ in self.tags}


def test_the_text_stands_there_whole_with_its_marks(analyzer: Analyzer) -> None:
    found = analyzer.assess(ENTRY)
    page = Page(html(found, ENTRY))
    assert "".join(page.inside_text) == ENTRY
    words = " ".join("".join(page.seen).split())
    for item in found.evidence:
        assert item.sign.replace("_", " ") in words, "signs are told by words"
    assert "doesn’t count: reported" in words
    assert {"sign of rumination: ", "sign of reflection: "} <= set(page.seen), "the side is told by words too"
    assert {"rumination", "reflection", "cancelled"} <= {name for _, given in page.tags for name in (given.get("class") or "").split()}
    for entry in found.guidance:
        assert entry.question in words


ATTACKS = [
    "<script>alert(1)</script> it's all my fault", "It's all my fault</mark></div></section><img src=x onerror=alert(1)>", "I'm a failure\" onmouseover=\"alert(1)",
    "&lt;b&gt; it's all my fault &amp;", "it's all my fault <!-- ", "<style>*{display:none}</style> I ruin everything.", "it's all my fault ]]> </title>",
]  # fmt: skip


@pytest.mark.parametrize("text", ATTACKS, ids=range(len(ATTACKS)))
def test_markup_in_a_diary_stays_text(analyzer: Analyzer, text: str) -> None:
    page = Page(html(analyzer.assess(text), text, page=True))
    plain = Page(html(analyzer.assess("It's all my fault."), "It's all my fault.", page=True))
    assert "".join(page.inside_text) == text
    assert page.names <= plain.names | {"details", "summary", "svg", "line", "polyline", "li", "ul", "bdi"}
    assert not any(name.startswith("on") or name in ("src", "href") for _, given in page.tags for name in given)


@given(st.text(alphabet=st.characters(exclude_categories=[]), max_size=120).map(lambda odd: f"It's all my fault{odd} I keep going over it."))
def test_any_text_gives_a_sound_page(analyzer: Analyzer, text: str) -> None:
    source = html(analyzer.assess(text), text, page=True)
    source.encode("utf-8")
    Page(source)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08]", source)


def test_overlapping_evidence_is_all_shown(analyzer: Analyzer) -> None:
    made = analyzer.assess("It's all my fault.").to_dict()
    first = made["evidence"][0]
    made["evidence"] = [
        {**first, "start": 0, "end": 11, "quote": "It's all my"}, {**first, "sign": "curiosity", "side": "reflection", "start": 5, "end": 17, "quote": "all my fault"},
    ]  # fmt: skip
    page = Page(html(Assessment.from_dict(made), "It's all my fault."))
    assert "".join(page.inside_text) == "It's all my fault."
    marks = [given["class"] for tag, given in page.tags if tag == "mark"]
    assert marks == ["rumination", "rumination reflection", "reflection"]


def test_another_text_is_refused(analyzer: Analyzer) -> None:
    with pytest.raises(ValueError, match="not the text that was assessed") as error:
        html(analyzer.assess("It's all my fault, secretly."), "Bought bread.")
    assert "secretly" not in str(error.value)


def test_a_page_is_read_aloud_well(analyzer: Analyzer) -> None:
    page = Page(html(analyzer.assess(ENTRY), ENTRY, page=True, agenda=supervision_agenda(ENTRY)))
    given = dict(page.tags)
    assert given["html"]["lang"] == "en"
    assert given["section"]["aria-label"]
    assert given["svg"]["role"] == "img"
    assert given["svg"]["aria-label"]
    assert all(attributes.get("scope") or not attributes for tag, attributes in page.tags if tag == "th")
    headings = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h\d", tag)]
    assert headings[0] == 2
    assert set(headings[1:]) == {3}
    assert "script" not in page.names
    assert "you are" not in "".join(page.seen).lower()


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_contrast_holds_in_light_and_dark(analyzer: Analyzer) -> None:
    """WCAG AA: 4.5 to 1 for every colour that text is written in, on every ground it stands on."""
    palettes = re.findall(r"--ink: #.*?(?:\}|\n)", html(analyzer.assess(ENTRY)))
    assert len(palettes) == 2
    for palette in palettes:
        colour = dict(re.findall(r"--([\w-]+): (#\w{6})", palette))
        pairs = [("ink", "paper"), ("soft", "paper"), ("ink", "rum-bg"), ("ink", "ref-bg"), ("rum", "paper"), ("ref", "paper")]
        for ink, ground in pairs:
            light, dark = sorted((luminance(colour[ink]), luminance(colour[ground])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)


def test_an_abstention_shows_no_score_and_a_crisis_shows_care(analyzer: Analyzer) -> None:
    text = "I want to kill myself."
    words = "".join(Page(html(analyzer.assess(text), text)).seen)
    assert "%" not in words
    assert str(load_wording().crisis["message"]).strip()[:40] in words
    assert "Nothing to read yet" in html(analyzer.assess(""), "")


def test_in_a_notebook(analyzer: Analyzer) -> None:
    found = analyzer.assess(ENTRY)
    shown = found._repr_html_()
    assert shown == html(found)
    assert {"mark", "table", "svg"} <= Page(shown).names
    assert all(item.quote.replace("'", "&#x27;") in shown for item in found.evidence)
    assert Assessment.from_dict(found.to_dict())._repr_html_() == shown, "also when it was read from a file"


def test_importing_results_imports_no_display() -> None:
    import subprocess
    import sys

    code = "import sys, ruminate; ruminate.assess('I failed.'); print([name for name in sys.modules if name.startswith('ruminate.render')])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_wording_of_ones_own_is_shown(analyzer: Analyzer, tmp_path) -> None:
    (tmp_path / "labels.toml").write_text('[label.neither]\ntitle = "Erzählt & geplant"\nsays = "x"\n', encoding="utf-8")
    text = "Bought bread and milk, then cooked dinner for the four of us."
    found = ruminate.assess(text)
    assert "Erzählt &amp; geplant" in html(found, text, wording=load_wording(tmp_path))
    assert "Erzählt & geplant" in terminal(text, found, wording=load_wording(tmp_path))
