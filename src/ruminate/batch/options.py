"""What a run is asked to do, and where its files go."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ruminate.errors import InputError

__all__ = ["FORMATS", "BatchOptions", "Outputs"]

FORMATS: Final = (".parquet", ".csv", ".jsonl")


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOptions:
    """Settings of a run.

    Attributes
    ----------
    text_column, id_column, author_column, time_column
        Names of columns; guessed, and said, where only one column fits.
    keep
        Other columns to carry through; all of them by default, none of them with `redact`.
    encoding
        Of text files; found by looking at the bytes by default.
    evidence, sentences
        Whether to write the long tables, too.
    redact
        Whether to write no text and no quotes: ids, offsets and scores only.
    max_chars
        Longer texts are rejected.
    settings
        Of the analyzer, as `Analyzer` takes them.
    part_rows
        Rows a part: what a worker gets at a time, and what at most is done twice after a kill.
    n_jobs, engine, scheduler
        Where the work is done. They change nothing in the output.
    resume, overwrite
        Whether to go on with a run that was cut off; whether to replace files of an earlier run.
    """

    text_column: str | None = None
    id_column: str | None = None
    author_column: str | None = None
    time_column: str | None = None
    keep: tuple[str, ...] | None = None
    encoding: str | None = None
    evidence: bool = False
    sentences: bool = False
    redact: bool = False
    max_chars: int = 1_000_000
    settings: dict[str, Any] = field(default_factory=dict)
    part_rows: int = 512
    n_jobs: int = 1
    engine: str = "local"
    scheduler: str | None = None
    resume: bool = False
    overwrite: bool = False

    def parameters(self) -> dict[str, Any]:
        """Whatever can change the output; the rest is where and how the work is done."""
        settings = {name: [str(entry) for entry in value] if name == "signs" else value for name, value in self.settings.items()}
        return {
            "text_column": self.text_column, "id_column": self.id_column, "author_column": self.author_column, "time_column": self.time_column,
            "keep": None if self.keep is None else list(self.keep), "encoding": self.encoding, "evidence": self.evidence, "sentences": self.sentences,
            "redact": self.redact, "max_chars": self.max_chars, "part_rows": self.part_rows, "analyzer": settings,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outputs:
    """The files of a run, all beside the results.

    Raises
    ------
    InputError
        If the name doesn't end in one of the formats.

    Examples
    --------
    >>> Outputs(Path("out/results.csv")).evidence.name
    'results.evidence.csv'
    """

    results: Path

    def __post_init__(self) -> None:
        if self.results.suffix not in FORMATS:
            raise InputError(f"the output must end in {', '.join(FORMATS)}; {self.results.name} does not")

    def _beside(self, kind: str, suffix: str) -> Path:
        return self.results.with_name(f"{self.results.stem}.{kind}{suffix}")

    @property
    def evidence(self) -> Path:
        """The long table of evidence."""
        return self._beside("evidence", self.results.suffix)

    @property
    def sentences(self) -> Path:
        """The long table of sentences."""
        return self._beside("sentences", self.results.suffix)

    @property
    def rejects(self) -> Path:
        """Rows that could not be read or assessed, with reasons."""
        return self._beside("rejects", ".csv")

    @property
    def identifiers(self) -> Path:
        """Rows that may hold identifying words: kinds and counts."""
        return self._beside("identifiers", ".csv")

    @property
    def manifest(self) -> Path:
        """Where the results come from."""
        return self.results.with_name(f"{self.results.name}.manifest.json")

    @property
    def work(self) -> Path:
        """The folder of a run that is not finished."""
        return self.results.with_name(f"{self.results.name}.partial")
