"""The spaCy component: `nlp.add_pipe("ruminate")`, in a blank pipeline or behind a trained one.

It reads `doc.text` and nothing else, so `doc._.ruminate` equals `ruminate.assess(doc.text)` whatever stands before it, and
it writes nothing but its own attribute and its own span group: entities, tags and heads of others stay as they are.

    doc._.ruminate          the Assessment
    doc.spans["ruminate"]   a span for each piece of evidence that counts, labelled with its sign (ready for displaCy)
    span._.ruminate         for any span: the evidence inside it (of its own sign only, where its label is a sign)

spaCy imports this module, by its entry point, whenever a pipeline is made: nothing heavy is imported until the component
is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import minibatch
from srsly.msgpack import msgpack_decoders, msgpack_encoders

from ruminate.errors import InputError
from ruminate.results import Assessment, Evidence

if TYPE_CHECKING:
    from ruminate.analyzer import Analyzer

__all__ = ["RuminateComponent", "colours", "create_component", "decode_assessment", "displacy_options", "encode_assessment"]

_ATTRIBUTE: Final = "ruminate"
_KEY: Final = "ruminate"
_BATCH: Final = 128
_SAVED: Final = "ruminate.json"
_WIRE: Final = "__ruminate_assessment__"
_BY_SIDE: Final = {"rumination": "#f2c48d", "reflection": "#9fd8d3"}
"""Backgrounds on which black text keeps a contrast of at least 10 to 1; displaCy also writes the sign's name."""


def colours() -> dict[str, str]:
    """Colours of the signs for displaCy, which finds this function by entry point.

    Examples
    --------
    >>> colours()["curiosity"]
    '#9fd8d3'
    """
    from ruminate.signs.catalogue import load_signs

    return {sign.id: _BY_SIDE[sign.side] for sign in load_signs().signs.values()}


def displacy_options(component: RuminateComponent | None = None) -> dict[str, Any]:
    """Options for `displacy.render(doc, style="span", options=…)`, with colours also for signs of your own.

    Examples
    --------
    >>> displacy_options()["spans_key"]
    'ruminate'
    """
    own = component.analyzer.signs if component is not None else ()
    return {
        "spans_key": component.spans_key if component is not None else _KEY,
        "colors": {**colours(), **{sign.id: _BY_SIDE[sign.side] for sign in own}},
    }


class RuminateComponent:
    """Assesses each document; made by `nlp.add_pipe("ruminate", config={…})`.

    Parameters
    ----------
    analyzer
        What assesses.
    spans_key
        Name of the span group that is written.

    Examples
    --------
    >>> import spacy
    >>> nlp = spacy.blank("en")
    >>> _ = nlp.add_pipe("ruminate", config={"model": None})
    >>> doc = nlp("I keep going over it. It's all my fault, I ruin everything.")
    >>> doc._.ruminate.label
    'rumination'
    >>> [(span.text, span.label_) for span in doc.spans["ruminate"]][0]
    ('I keep going over', 'replaying')
    """

    def __init__(self, analyzer: Analyzer, *, spans_key: str = _KEY) -> None:
        self.analyzer = analyzer
        self.spans_key = spans_key

    def __call__(self, doc: Doc) -> Doc:
        """Assess one document."""
        return self._write(doc, self.analyzer.assess(doc.text))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = _BATCH) -> Iterator[Doc]:
        """Assess many documents, a batch at a time."""
        for docs in minibatch(stream, size=max(1, batch_size)):
            found = self.analyzer.assess_many([doc.text for doc in docs])
            for doc, assessment in zip(docs, found, strict=True):
                yield self._write(doc, assessment)

    def _write(self, doc: Doc, found: Assessment) -> Doc:
        doc._.set(_ATTRIBUTE, found)
        spans = (doc.char_span(item.start, item.end, label=item.sign, alignment_mode="expand") for item in found.evidence if item.cancelled_by is None)
        doc.spans[self.spans_key] = [span for span in spans if span is not None]
        return doc

    def to_bytes(self, *, exclude: Sequence[str] = ()) -> bytes:  # noqa: ARG002 - spaCy hands it to every component
        """Settings and own signs, as bytes; wording of your own and callbacks stay with the code that made them."""
        analyzer = self.analyzer
        saved = {
            "model": analyzer.model, "base_rates": analyzer.base_rates, "min_words": analyzer.min_words, "min_confidence": analyzer.min_confidence,
            "professional": analyzer.professional, "spans_key": self.spans_key, "signs": [asdict(sign) for sign in analyzer.signs],
        }  # fmt: skip
        return json.dumps(saved).encode()

    def from_bytes(self, data: bytes, *, exclude: Sequence[str] = ()) -> RuminateComponent:  # noqa: ARG002
        """Take over what `to_bytes` gave.

        Raises
        ------
        InputError
            If the bytes are not of this component.
        """
        from ruminate.analyzer import Analyzer
        from ruminate.signs.own import sign_from_dict

        try:
            saved = json.loads(data)
            spans_key = saved.pop("spans_key")
            signs = [sign_from_dict(raw) for raw in saved.pop("signs")]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError("these bytes are not those of a ruminate component") from error
        now = self.analyzer
        self.spans_key = spans_key
        self.analyzer = Analyzer(**saved, signs=signs, wording=now.wording_given, on_crisis=now.on_crisis)
        return self

    def to_disk(self, path: str | Path, *, exclude: Sequence[str] = ()) -> None:
        """Write what `to_bytes` gives into a folder."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _SAVED).write_bytes(self.to_bytes(exclude=exclude))

    def from_disk(self, path: str | Path, *, exclude: Sequence[str] = ()) -> RuminateComponent:
        """Read what `to_disk` wrote."""
        return self.from_bytes((Path(path) / _SAVED).read_bytes(), exclude=exclude)


def create_component(
    nlp: Language,  # noqa: ARG001 - the component reads the text alone, not the pipeline
    name: str,  # noqa: ARG001
    model: str | None,
    min_words: int,
    min_confidence: float,
    professional: bool,
    signs: list[str],
    spans_key: str,
) -> RuminateComponent:
    """The factory behind `nlp.add_pipe("ruminate")`; the settings are those of `ruminate.Analyzer`."""
    from ruminate.analyzer import Analyzer

    analyzer = Analyzer(model, min_words=min_words, min_confidence=min_confidence, professional=professional, signs=signs)
    return RuminateComponent(analyzer, spans_key=spans_key)


def encode_assessment(value: Any, chain: Callable[[Any], Any] | None = None) -> Any:
    """Lets `doc.to_bytes`, `DocBin` and `nlp.pipe(n_process=…)` write an assessment (an encoder of srsly's msgpack)."""
    if isinstance(value, Assessment):
        return {_WIRE: value.to_dict()}
    return value if chain is None else chain(value)


def decode_assessment(value: Any, chain: Callable[[Any], Any] | None = None) -> Any:
    """The inverse of `encode_assessment`; a process that only reads stored documents imports this module first."""
    if isinstance(value, dict) and _WIRE in value:
        return Assessment.from_dict(value[_WIRE])
    return value if chain is None else chain(value)


def _evidence_inside(span: Span) -> tuple[Evidence, ...]:
    found: Assessment | None = span.doc._.get(_ATTRIBUTE)
    if found is None:
        return ()
    inside = tuple(item for item in found.evidence if item.start < span.end_char and span.start_char < item.end)
    return tuple(item for item in inside if item.sign == span.label_) or inside


# Not by entry point: srsly would load us while spaCy itself is being imported.
msgpack_encoders.register("ruminate", func=encode_assessment)
msgpack_decoders.register("ruminate", func=decode_assessment)
Doc.set_extension(_ATTRIBUTE, default=None, force=True)
Span.set_extension(_ATTRIBUTE, getter=_evidence_inside, force=True)
Language.factory(
    "ruminate",
    assigns=["doc._.ruminate", "doc.spans", "span._.ruminate"],
    default_config={"model": "default", "min_words": 3, "min_confidence": 0.4, "professional": False, "signs": [], "spans_key": _KEY},
    func=create_component,
)
