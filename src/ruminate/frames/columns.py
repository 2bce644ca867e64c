"""The columns of every table of results: name, kind, meaning, range, unit, source. All tables and documents are made from these."""

from __future__ import annotations

from functools import cache
from typing import Final, Literal, NamedTuple

from ruminate.analyzer import Analyzer, shared_extractor
from ruminate.results import LABELS
from ruminate.scoring.features import FeatureTable
from ruminate.signs.catalogue import Catalogue, load_signs

__all__ = ["IDENTIFIERS", "PLACE", "Column", "Kind", "evidence_columns", "feature_columns", "schema", "sentence_columns"]

Kind = Literal["text", "number", "integer", "truth"]


class Column(NamedTuple):
    """One column of the results: what it holds and what it means.

    Attributes
    ----------
    name, kind
        What it is called, and "text", "number", "integer" or "truth".
    says
        What it means.
    values
        Its range, or the words that can stand in it.
    source
        Where the idea or the number comes from.
    unit
        What is counted or measured; empty for words.
    """

    name: str
    kind: Kind
    says: str
    values: str
    source: str = "codebook"
    unit: str = ""


_LABELS: Final = ", ".join(LABELS)
_HEAD: Final = (
    Column("label", "text", "how the thinking goes in most of the text; 'uncertain' when it abstains; empty when the text is missing", f"{_LABELS}, uncertain"),
    Column("abstained", "text", "why no label is given; empty when one is", "empty, too_short, not_english, low_confidence, crisis_language"),
    Column("problem", "text", "why the row could not be assessed; empty when it could", "missing, not text"),
    Column("p_reflection", "number", "probability of reflection, calibrated to the model's base rates", "0 to 1", "model card", "probability"),
    Column("p_rumination", "number", "probability of rumination, calibrated to the model's base rates", "0 to 1", "model card", "probability"),
    Column("p_neither", "number", "probability of neither, calibrated to the model's base rates", "0 to 1", "model card", "probability"),
    Column("leaning", "text", "the likelier of reflection and rumination, whatever the label", "reflection, rumination"),
    Column("shift", "text", "which way the thinking turns and stays turned; empty when it doesn't", "to_reflection, to_rumination"),
    Column("shift_sentence", "integer", "number of the first sentence after the turn, from 0", "0 and more", unit="sentence"),
    Column("sentences", "integer", "number of sentences", "0 and more", "reading", "sentences"),
    Column("evidence", "integer", "matches of signs that count", "0 and more", unit="matches"),
    Column("cancelled", "integer", "matches that something cancels (negation, reported speech …)", "0 and more", unit="matches"),
    Column("concern", "truth", "a concrete safety, ethical or practical concern is named", "true, false"),
    Column("crisis", "truth", "the screen for crisis language fired; no safety net", "true, false"),
    Column("decided_by", "text", "the model or the rules that decided", "model:…, rules:…", "provenance"),
    Column("ruminate_version", "text", "version of the library", "a version", "provenance"),
    Column("signs_version", "text", "first 12 hex digits of the sha256 of the sign files", "12 hex digits", "provenance"),
)
IDENTIFIERS: Final = Column(
    "possible_identifiers", "integer", "places in the text that look like names, addresses or numbers of people", "0 and more",
    "de-identification check", "places",
)  # fmt: skip
"""What `ruminate batch` adds to the wide table."""
PLACE: Final = (
    Column("source", "text", "file that the text came from", "a file name", "the run"),
    Column("row", "integer", "number of the row in that file, from 1, the header not counted", "1 and more", "the run", "row"),
)
"""Where a text stands in the input; the first columns of every table of `ruminate batch`."""
_RANGES: Final = {
    "share": ("0 to 1", "share"), "strength": ("0 to 3", "strength of the turn"), "difference of rates": ("any number", "difference of rates per 100 words"),
}  # fmt: skip


@cache
def _schema(catalogue: Catalogue | None) -> tuple[Column, ...]:
    values = "0 and more; a suggestive match is half"
    signs = (catalogue or load_signs()).signs.values()
    by_sign = (Column(f"sign_{sign.id}", "number", f"{sign.side}: {sign.definition}", values, "; ".join(sign.sources), "matches") for sign in signs)
    return (*_HEAD, *by_sign)


def schema(*, features: bool = False, analyzer: Analyzer | None = None) -> tuple[Column, ...]:
    """The columns that `assess_frame` adds, in order.

    Parameters
    ----------
    features
        Whether the features that the scorer reads are among them.
    analyzer
        Whose signs are meant; the shipped ones by default.

    Examples
    --------
    >>> [column.name for column in schema()][:2]
    ['label', 'abstained']
    """
    # a catalogue can't be hashed (it holds read-only dictionaries), so analyzers with signs of their own are worked out each time
    own = analyzer is not None and bool(analyzer.signs)
    head = _schema.__wrapped__(analyzer.catalogue) if own and analyzer is not None else _schema(None)
    return (*head, *(feature_columns(analyzer) if features else ()))


def feature_columns(analyzer: Analyzer | None = None) -> tuple[Column, ...]:
    """The features that are no signs (those are in `schema()` as plain strengths), each named `f_<feature>`.

    Examples
    --------
    >>> feature_columns()[0].name
    'f_kinds_of_rumination'
    """
    return _features(shared_extractor().table if analyzer is None else analyzer.table)


def _features(table: FeatureTable) -> tuple[Column, ...]:
    found = []
    for feature in table.features:
        if not feature.name.startswith("sign:"):
            values, unit = _RANGES.get(feature.unit.split(",")[0], ("0 and more", feature.unit))
            if feature.name == "valence":  # a difference by its nature
                values = "any number"
            found.append(Column(f"f_{feature.name}", "number", feature.says, values, feature.source, unit))
    return tuple(found)


def evidence_columns() -> tuple[Column, ...]:
    """The columns of `evidence_frame`, without those that are carried along."""
    return (
        Column("sign", "text", "id of the sign", "see ruminate signs"),
        Column("side", "text", "which side it belongs to", "reflection, rumination"),
        Column("start", "integer", "character offset in the text", "0 and more", unit="Unicode code points"),
        Column("end", "integer", "character offset one past it", "1 and more", unit="Unicode code points"),
        Column("quote", "text", "what stands there", "words of the text"),
        Column("pattern", "text", "the pattern that matched", "notation of the sign files"),
        Column("weight", "number", "how much a match counts", "0.5 or 1"),
        Column("sentence", "integer", "number of the sentence, from 0", "0 and more"),
        Column("cancelled_by", "text", "empty when the match counts, else why it doesn't", "negated, reported, …"),
    )


def sentence_columns() -> tuple[Column, ...]:
    """The columns of `sentence_frame`, without those that are carried along.

    Examples
    --------
    >>> [column.name for column in sentence_columns()][:3]
    ['sentence', 'start', 'end']
    """
    return (
        Column("sentence", "integer", "number of the sentence, from 0", "0 and more"),
        Column("start", "integer", "character offset in the text", "0 and more", "reading", "Unicode code points"),
        Column("end", "integer", "character offset one past it", "1 and more", "reading", "Unicode code points"),
        *(Column(f"p_{label}", "number", f"what the scorer says of this sentence alone: {label}", "0 to 1", "model card", "probability") for label in LABELS),
    )
