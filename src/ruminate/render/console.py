"""An assessment for a terminal: the text with its evidence marked, why, the course, the turn, questions.

Readable without colour: marks are brackets and sign names, colour only repeats them. It speaks of the entry, never of
the person.
"""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence
from math import fsum
from typing import Final

from ruminate.guidance.agenda import AgendaItem
from ruminate.guidance.wording import Wording, load_wording
from ruminate.results import LABELS, Assessment, Evidence

__all__ = ["terminal"]

_COLOURS: Final = {"rumination": "33", "reflection": "36", "neither": "37", "uncertain": "37", "dim": "2", "bold": "1"}
_BAR: Final = 24
_MOST_REASONS: Final = 8
_MOST_WORDS: Final = 6
_LEVELS: Final = "·▁▂▃▄▅▆▇█"


class _Page:
    """Lines under headings, wrapped to a width, with or without colour."""

    def __init__(self, *, colour: bool, width: int) -> None:
        self.colour = colour
        self.width = width
        self.lines: list[str] = []

    def paint(self, text: str, style: str) -> str:
        return f"\033[{_COLOURS[style]}m{text}\033[0m" if self.colour else text

    def heading(self, title: str) -> None:
        self.lines += ["", self.paint(title, "bold")]

    def say(self, text: str, indent: str = "  ", hang: str | None = None) -> None:
        for line in text.split("\n"):
            wrapped = textwrap.wrap(line, self.width, initial_indent=indent, subsequent_indent=hang or indent, break_long_words=True) or [""]
            self.lines += wrapped


def terminal(
    text: str, assessment: Assessment, *, colour: bool = False, width: int | None = None, wording: Wording | None = None, agenda: Sequence[AgendaItem] = ()
) -> str:
    r"""The assessment of `text` as lines for a terminal.

    Parameters
    ----------
    text
        The text that was assessed; control characters are shown as `\ufffd`, so a text can't drive the terminal.
    assessment
        What `ruminate.assess` made of it.
    colour
        Whether to add ANSI colours.
    width
        Columns; the terminal's own by default, at most 100.
    wording
        Sentences for labels and turns; ours by default.
    agenda
        Points for supervision to be shown as well.
    """
    page = _Page(colour=colour, width=min(width or shutil.get_terminal_size().columns, 100))
    wording = wording or load_wording()
    _label(page, assessment, wording)
    _text(page, text, assessment.evidence)
    _why(page, assessment)
    _course(page, text, assessment, wording)
    _guidance(page, assessment, wording)
    _agenda(page, agenda)
    page.heading("About this reading")
    page.say(f"Decided by {assessment.decided_by}. It reads one text, knows nothing of the person, and is no diagnosis.")
    return "\n".join(page.lines).strip("\n") + "\n"


def _label(page: _Page, assessment: Assessment, wording: Wording) -> None:
    key = f"abstained.{assessment.abstained}" if assessment.abstained else f"label.{assessment.label}"
    title, says = wording.labels[key]
    chance = "" if assessment.abstained else f"  ({assessment.probabilities[assessment.label]:.0%})"
    page.lines.append(page.paint(f"{assessment.label}{chance}", assessment.label) + f"  {title}")
    page.say(says)
    if assessment.abstained == "crisis_language":
        page.say(str(wording.crisis["message"]).strip())
    page.lines.append("")
    for label in LABELS:
        share = assessment.probabilities[label]
        page.lines.append(f"  {label:<11}{'█' * round(share * _BAR):<{_BAR}} {share:4.0%}")


def _safe(text: str) -> str:
    plain = text.replace("\r\n", "\n").replace("\t", " ")
    return "".join(char if char == "\n" or char.isprintable() else "\ufffd" for char in plain).encode("utf-8", "replace").decode()


def _text(page: _Page, text: str, evidence: Sequence[Evidence]) -> None:
    counting = [item for item in evidence if item.cancelled_by is None]
    page.heading("The text" + (", with what was found in it" if counting else ""))
    out, at = [], 0
    for item in counting:
        if item.start < at:
            continue  # inside a longer mark; it is listed below
        mark = f"[{_safe(item.quote)}]({item.sign.replace('_', ' ')})"
        out += [_safe(text[at : item.start]), mark]
        at = item.end
    out.append(_safe(text[at:]))
    body = "".join(out).strip()
    page.say(body or "(nothing)")
    if page.colour:
        for item in counting:
            plain = f"({item.sign.replace('_', ' ')})"
            page.lines = [line.replace(plain, page.paint(plain, item.side)) for line in page.lines]
    for item in evidence:
        if item.cancelled_by is not None:
            page.say(page.paint(f"doesn't count ({item.cancelled_by.replace('_', ' ')}): “{_safe(item.quote)}” ({item.sign.replace('_', ' ')})", "dim"))


def _why(page: _Page, assessment: Assessment) -> None:
    if assessment.abstained in ("empty", "crisis_language"):
        return
    words = [row for row in assessment.contributions if row.feature.startswith("words:")]
    rows = [row for row in assessment.contributions if not row.feature.startswith("words:")]
    page.heading("Why: what added most to the scores")
    page.lines.append(f"  {'':<28}{'reflection':>11}{'rumination':>11}{'neither':>11}")
    for row in rows[:_MOST_REASONS]:
        _numbers(page, row.feature.removeprefix("sign:").replace("_", " "), (row.reflection, row.rumination, row.neither))
    if words:
        columns = zip(*((row.reflection, row.rumination, row.neither) for row in words), strict=True)
        _numbers(page, f"{len(words)} words and pairs, in sum", tuple(map(fsum, columns)))
    _numbers(page, f"all ({max(0, len(rows) - _MOST_REASONS)} more and the start)", assessment.contributions.scores)
    if words:
        page.say("words that added most: " + ", ".join(f"“{row.feature.removeprefix('words:')}”" for row in words[:_MOST_WORDS]))


def _numbers(page: _Page, name: str, added: Sequence[float]) -> None:
    page.lines.append(f"  {_safe(name):<28.28}" + "".join(f"{number:>+11.2f}" for number in added))


def _course(page: _Page, text: str, assessment: Assessment, wording: Wording) -> None:
    if len(assessment.sentences) < 2 or assessment.abstained == "crisis_language":
        return
    page.heading("The course through the text (rumination above, reflection below)")
    for name in ("rumination", "reflection"):
        values = [getattr(sentence, name) for sentence in assessment.sentences]
        bars = "".join(_LEVELS[min(len(_LEVELS) - 1, round(value * (len(_LEVELS) - 1)))] for value in values)
        page.say(f"{name:<11} {bars}", hang="              ")
    if assessment.shift is not None:
        title, says = wording.labels[f"shift.{assessment.shift.direction}"]
        sentence = assessment.sentences[assessment.shift.sentence]
        page.say(f"{title}, at sentence {assessment.shift.sentence + 1}: “{_safe(text[sentence.start : sentence.end])}”")
        page.say(says)


def _guidance(page: _Page, assessment: Assessment, wording: Wording) -> None:
    concerns = dict.fromkeys(flag.id.partition(":")[2] for flag in assessment.flags if flag.id.startswith("genuine_concern:"))
    for kind in concerns:
        heading = wording.concern[kind]
        page.heading(heading.title)
        page.say(heading.says)
    if assessment.guidance:
        page.heading("Questions that may help")
        for entry in assessment.guidance:
            page.say(f"- {entry.question}", hang="    ")


def _agenda(page: _Page, agenda: Sequence[AgendaItem]) -> None:
    if not agenda:
        return
    page.heading("For supervision")
    title = None
    for item in agenda:
        if item.title != title:
            title = item.title
            page.say(f"{title}: {item.prompt}", hang="    ")
        page.say(f"“{_safe(item.quote)}”", indent="    ")
