"""An assessment as HTML: for a page, a notebook, a web view. No script, nothing loaded from anywhere.

Every mark is told three ways: by a word beside it, by the shape of its line, and by colour. Everything that came from the
text is escaped: a script tag in a diary stays text.
"""

from __future__ import annotations

import html as escaping
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Final

from ruminate.guidance.agenda import AgendaItem
from ruminate.guidance.wording import Wording, load_wording
from ruminate.results import LABELS, Assessment, Evidence

__all__ = ["html"]

_MOST_REASONS: Final = 8
_BIDI: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_KEPT: Final = frozenset("\n\t")


def html(
    assessment: Assessment,
    text: str | None = None,
    *,
    wording: Wording | None = None,
    agenda: Sequence[AgendaItem] = (),
    page: bool = False,
) -> str:
    """An assessment as HTML.

    Parameters
    ----------
    assessment
        What `ruminate.assess` made of a text.
    text
        The text, to show the evidence in its place. An assessment doesn't hold it; without it, quotes are listed.
    wording
        Sentences for labels and turns; ours by default.
    agenda
        Points for supervision to be shown as well.
    page
        Whether to give a whole page; else one `<section>` with its style, to be put into a page.

    Raises
    ------
    ValueError
        If `text` is not the one that was assessed.

    Examples
    --------
    >>> import ruminate
    >>> entry = "It's all my fault <b>again</b>."
    >>> "&lt;b&gt;again&lt;/b&gt;" in html(ruminate.assess(entry), entry)
    True
    """
    if text is not None and any(text[item.start : item.end] != item.quote for item in assessment.evidence):
        raise ValueError("this is not the text that was assessed: the evidence does not stand in it")
    wording = wording or load_wording()
    parts = [
        *_label(assessment, wording), *_probabilities(assessment), *_text(assessment, text), *_cancelled(assessment), *_course(assessment, wording),
        *_guidance(assessment, wording), *_agenda(agenda), *_why(assessment),
        f"<footer><small>Decided by {_safe(assessment.decided_by)}. It reads one text, knows nothing of the person, and is no diagnosis.</small></footer>",
    ]  # fmt: skip
    section = f'<section class="ruminate" aria-label="What this entry shows"><style>{_style()}</style>{"".join(parts)}</section>'
    if not page:
        return section
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'">'
        "<title>What this entry shows</title><style>body{margin:0}main{max-width:44rem;margin:0 auto}</style></head>"
        f"<body><main>{section}</main></body></html>\n"
    )


@cache
def _style() -> str:
    return files("ruminate.render").joinpath("page.css").read_text("utf-8")


def _safe(text: str) -> str:
    """Escaped; what would steer the page rather than be read becomes U+FFFD. Joiners stay: emoji and scripts need them."""
    plain = "".join(
        "\ufffd" if char in _BIDI or (unicodedata.category(char) in ("Cc", "Cs") and char not in _KEPT) else char for char in text.replace("\r\n", "\n")
    )
    return escaping.escape(plain)


def _name(sign: str) -> str:
    return _safe(sign.replace("_", " "))


def _label(assessment: Assessment, wording: Wording) -> Iterator[str]:
    key = f"abstained.{assessment.abstained}" if assessment.abstained else f"label.{assessment.label}"
    title, says = wording.labels[key]
    yield f"<h2>{_safe(title)}</h2><p>{_safe(says)}</p>"
    if assessment.abstained == "crisis_language":
        yield f'<p class="care" role="note">{_safe(str(wording.crisis["message"]).strip())}</p>'


def _probabilities(assessment: Assessment) -> Iterator[str]:
    if assessment.abstained in ("empty", "crisis_language"):
        return
    yield '<table><caption class="soft" style="text-align:left">Label: <strong>'
    yield f'{assessment.label}</strong></caption><thead hidden><tr><th scope="col">label</th><th scope="col">probability</th><th></th></tr></thead><tbody>'
    for label in LABELS:
        share = assessment.probabilities[label]
        bar = f'<td class="bars" aria-hidden="true"><span class="bar of-{label}" style="width:{share * 100:.1f}%"></span></td>'
        yield f'<tr><th scope="row">{label}</th><td>{share:.0%}</td>{bar}</tr>'
    yield "</tbody></table>"


def _text(assessment: Assessment, text: str | None) -> Iterator[str]:
    counting = [item for item in assessment.evidence if item.cancelled_by is None]
    if text is None:
        if counting:
            yield "<h3>What was found</h3><ul>"
            yield from (f'<li><mark class="{_side(item)}"><bdi>{_safe(item.quote)}</bdi></mark>{_tag(item)}</li>' for item in counting)
            yield "</ul>"
        return
    yield f"<h3>The text{', with what was found in it' if counting else ''}</h3>"
    yield f'<div class="text" dir="auto">{"".join(_marked(text, assessment.evidence)) or "(nothing)"}</div>'


def _marked(text: str, evidence: Sequence[Evidence]) -> Iterator[str]:
    """The text in pieces, cut wherever a piece of evidence begins or ends: overlapping ones are all shown."""
    bounds = sorted({0, len(text), *(item.start for item in evidence), *(item.end for item in evidence)})
    for start, end in pairwise(bounds):
        here = [item for item in evidence if item.start < end and start < item.end]
        body = _safe(text[start:end])
        sides = " ".join(dict.fromkeys(_side(item) for item in sorted(here, key=lambda item: item.cancelled_by is None)))
        yield f'<mark class="{sides}">{body}</mark>' if here else body
        yield from (_tag(item) for item in here if item.end == end)


def _side(item: Evidence) -> str:
    return item.side if item.cancelled_by is None else "cancelled"


def _tag(item: Evidence) -> str:
    """Sign and side, and why it doesn't count if so, as words beside the mark."""
    if item.cancelled_by is None:
        sign = f'<span aria-hidden="true">{"↻" if item.side == "rumination" else "→"} </span><span class="heard">sign of {item.side}: </span>{_name(item.sign)}'
        return f'<span class="tag of-{item.side}">{sign}</span>'
    return f'<span class="tag of-none">doesn’t count: {_name(item.cancelled_by)}</span>'


def _cancelled(assessment: Assessment) -> Iterator[str]:
    cancelled = [item for item in assessment.evidence if item.cancelled_by is not None]
    if cancelled:
        yield f"<details><summary>Found, but doesn’t count ({len(cancelled)})</summary><ul>"
        yield from (
            f'<li><bdi>“{_safe(item.quote)}”</bdi> <span class="soft">({_name(item.sign)}; {_name(str(item.cancelled_by))})</span></li>' for item in cancelled
        )
        yield "</ul></details>"


def _course(assessment: Assessment, wording: Wording) -> Iterator[str]:
    many = len(assessment.sentences)
    if many < 2 or assessment.abstained == "crisis_language":
        return
    key = " ".join(f'<span class="of-{name}">{name}</span>' for name in ("rumination", "reflection"))
    yield f'<h3>The course through the text</h3><p class="key soft" aria-hidden="true">{key}</p>'
    lines = []
    for name in ("rumination", "reflection"):
        points = " ".join(f"{at * 100 / (many - 1):.2f},{38 - 36 * float(getattr(sentence, name)):.2f}" for at, sentence in enumerate(assessment.sentences))
        lines.append(f'<polyline class="of-{name}" points="{points}"/>')
    turn = ""
    if assessment.shift is not None:
        place = f"{(assessment.shift.sentence - 0.5) * 100 / (many - 1):.2f}"
        turn = f'<line x1="{place}" x2="{place}" y1="0" y2="40" stroke-dasharray="2 3"/>'
    about = f'role="img" aria-label="Sentence by sentence, {many} sentences; the table below says the same in numbers."'
    yield f'<svg viewBox="0 0 100 40" preserveAspectRatio="none" {about}><line x1="0" x2="100" y1="38" y2="38"/>{turn}{"".join(lines)}</svg>'
    if assessment.shift is not None:
        title, says = wording.labels[f"shift.{assessment.shift.direction}"]
        yield f"<p><strong>{_safe(title)}</strong>, at sentence {assessment.shift.sentence + 1}. {_safe(says)}</p>"
    yield '<details><summary>In numbers</summary><div class="wide"><table><thead><tr><th scope="col">sentence</th>'
    yield "".join(f'<th scope="col">{label}</th>' for label in LABELS) + "</tr></thead><tbody>"
    for at, sentence in enumerate(assessment.sentences, 1):
        yield f'<tr><th scope="row">{at}</th>' + "".join(f"<td>{float(getattr(sentence, label)):.0%}</td>" for label in LABELS) + "</tr>"
    yield "</tbody></table></div></details>"


def _guidance(assessment: Assessment, wording: Wording) -> Iterator[str]:
    for kind in dict.fromkeys(flag.id.partition(":")[2] for flag in assessment.flags if flag.id.startswith("genuine_concern:")):
        heading = wording.concern[kind]
        yield f'<div class="care" role="note"><strong>{_safe(heading.title)}</strong><br>{_safe(heading.says)}</div>'
    if assessment.guidance:
        yield "<h3>Questions that may help</h3><ul>" + "".join(f"<li>{_safe(entry.question)}</li>" for entry in assessment.guidance) + "</ul>"


def _agenda(agenda: Sequence[AgendaItem]) -> Iterator[str]:
    if not agenda:
        return
    yield "<h3>For supervision</h3><dl>"
    title = None
    for item in agenda:
        if item.title != title:
            title = item.title
            yield f"<dt><strong>{_safe(title)}</strong>: {_safe(item.prompt)}</dt>"
        yield f"<dd><bdi>“{_safe(item.quote)}”</bdi></dd>"
    yield "</dl>"


def _why(assessment: Assessment) -> Iterator[str]:
    if assessment.abstained in ("empty", "crisis_language"):
        return
    rows = assessment.contributions[:_MOST_REASONS]
    rest = len(assessment.contributions) - len(rows)
    yield '<details><summary>Why: what added most to the scores</summary><div class="wide"><table><thead><tr><th scope="col">feature</th>'
    yield "".join(f'<th scope="col">{label}</th>' for label in LABELS) + "</tr></thead><tbody>"
    for row in rows:
        name = _name(row.feature.removeprefix("sign:"))
        yield f'<tr><th scope="row">{name}</th><td>{row.reflection:+.2f}</td><td>{row.rumination:+.2f}</td><td>{row.neither:+.2f}</td></tr>'
    totals = "".join(f"<td>{score:+.2f}</td>" for score in assessment.contributions.scores)
    yield f'<tr><th scope="row">all (with {rest} more and the start)</th>{totals}</tr></tbody></table></div></details>'
