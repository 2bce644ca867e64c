"""From texts to evidence and feature rows: the part of the path that rules, models and training share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ruminate.results import Evidence
from ruminate.scoring.features import Features, FeatureTable
from ruminate.signs.bank import Entry, PatternBank
from ruminate.signs.catalogue import Catalogue, load_signs
from ruminate.signs.counting import own_counts
from ruminate.signs.matching import to_evidence
from ruminate.signs.measures import Measured, measure, phrase_entries
from ruminate.text.document import Batch, read_batch
from ruminate.text.wordfiles import keep_parsed

__all__ = ["Extracted", "Extractor"]


@dataclass(frozen=True, slots=True, eq=False)
class Extracted:
    """What was found in a batch: evidence by text (also of other kinds than signs), measures and feature rows."""

    batch: Batch
    evidence: list[list[Evidence]]
    measured: Measured
    features: Features


class Extractor:
    """Compiled once for a catalogue of signs (and whatever else is to be found in the same pass); immutable."""

    def __init__(self, catalogue: Catalogue | None = None, others: Iterable[Entry] = ()) -> None:
        self.catalogue = catalogue or load_signs()
        self.bank = PatternBank((*self.catalogue.entries(), *phrase_entries(), *others))
        self.table = FeatureTable(self.catalogue)
        keep_parsed()

    def extract(self, texts: Sequence[str]) -> Extracted:
        """Read a batch of texts and find everything in it."""
        batch = read_batch(texts)
        found = self.bank.find(batch)
        evidence = to_evidence(batch, self.bank, found.matches)
        measured = measure(batch, own_counts(batch, self.bank.entries, self.bank.counted, found))
        return Extracted(batch, evidence, measured, self.table.rows(batch, evidence, measured))
