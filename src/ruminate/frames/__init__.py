"""Frames in, frames out: one row a text, a piece of evidence or a sentence, for pandas and, through narwhals, polars and Arrow.

`schema()` says of every column what it means; the data dictionary, the readers and the other engines are made from it.
"""

from ruminate.frames.columns import Column, evidence_columns, feature_columns, schema, sentence_columns
from ruminate.frames.dictionary import data_dictionary, r_labels, spss_syntax
from ruminate.frames.reading import read_evidence, read_results, read_sentences
from ruminate.frames.rows import evidence_rows, result_rows, sentence_rows
from ruminate.frames.tables import assess_frame, evidence_frame, sentence_frame
from ruminate.frames.typed import to_frame, typed

__all__ = [
    "Column", "assess_frame", "data_dictionary", "evidence_columns", "evidence_frame", "evidence_rows", "feature_columns", "r_labels",
    "read_evidence", "read_results", "read_sentences", "result_rows", "schema", "sentence_columns", "sentence_frame", "sentence_rows",
    "spss_syntax", "to_frame", "typed",
]  # fmt: skip
