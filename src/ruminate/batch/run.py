"""One run: read, assess, write parts, join them, say where it all came from."""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final

from ruminate.analyzer import analyzer_of
from ruminate.batch.choosing import Chosen, choose_columns
from ruminate.batch.finish import Outcome, finish, finished
from ruminate.batch.options import BatchOptions, Outputs
from ruminate.batch.parts import Parts
from ruminate.batch.progress import progress as show_progress
from ruminate.batch.provenance import identity
from ruminate.batch.results import Layout, Part, Rejected, Taken
from ruminate.batch.sources import Cells, Source, find_sources
from ruminate.batch.spread import engine
from ruminate.batch.tables import as_text
from ruminate.batch.work import Job, wide_columns
from ruminate.batch.writing import check_format
from ruminate.errors import InputError
from ruminate.frames.columns import Kind
from ruminate.frames.rows import problem_of

__all__ = ["Outcome", "run_batch"]


_HALF: Final = re.compile("[\ud800-\udfff]")
"""Halves of characters: bytes that didn't fit the encoding come as such."""


@dataclass
class _Run:
    """All that is settled before the first text is read."""

    options: BatchOptions
    outputs: Outputs
    sources: list[Source]
    chosen: Chosen
    layout: Layout
    parts: Parts
    plan: dict[str, Any]


def run_batch(
    inputs: Iterable[str | Path], output: str | Path, options: BatchOptions | None = None, *,
    tell: Callable[[str], Any] | None = None, quiet: bool = True, command: Sequence[str] = (),
) -> Outcome:  # fmt: skip
    r"""Assess all texts of some files and write tables, rejects and a manifest.

    Parameters
    ----------
    inputs
        Files or folders.
    output
        Where the wide table goes; the suffix says the format. Everything else is written beside it.
    options
        See `BatchOptions`.
    tell
        Called with each thing worth saying: columns that were guessed, what may identify people, duplicates.
    quiet
        Whether to keep from saying on standard error how far the run is.
    command
        The command line, for the manifest.

    Raises
    ------
    InputError
        If the run can't begin: an input or column is missing, the output is there already, a package is not installed.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     table = Path(folder, "notes.csv")
    ...     _ = table.write_text("id,text\n1,Bought bread and milk.\n2,It's all my fault again.\n")
    ...     run_batch([table], Path(folder, "results.csv")).counts["assessed"]
    2
    """
    started = time.time()
    said: list[str] = []
    tell = tell or said.append
    run = _prepare([Path(path) for path in inputs], Path(output), options or BatchOptions())
    done = _begin(run)
    if done is not None:
        tell(f"{run.outputs.results.name} is finished already; nothing was left to do")
        return done
    for line in (*_of_sources(run), *run.chosen.said):
        tell(line)
    total = sum(source.rows for source in run.sources)
    already = _work(run, total, quiet=quiet)
    outcome = finish(run.outputs, run.parts, run.layout, run.sources, run.plan, run.options, command=command, started=started, resumed=already > 0)
    for line in outcome.warnings:
        tell(line)
    return outcome


def _prepare(inputs: list[Path], output: Path, options: BatchOptions) -> _Run:
    if options.part_rows < 1 or options.max_chars < 1:
        raise InputError("part_rows and max_chars must be at least 1")
    outputs = Outputs(output)
    check_format(output.suffix)
    engine(options.engine)
    sources = find_sources(inputs, options.encoding)
    job = Job(options.settings, evidence=options.evidence, sentences=options.sentences)
    wide = wide_columns(job)
    chosen = choose_columns(sources, options, ["source", "row", *(column.name for column in wide)])
    layout = Layout(job, wide, chosen, redact=options.redact, suffix=output.suffix)
    inputs_about = [source.about() for source in sources]
    plan = {"inputs": inputs_about, "columns": chosen.roles(), "parameters": options.parameters(), **identity(analyzer_of(options.settings))}
    return _Run(options, outputs, sources, chosen, layout, Parts(outputs.work), plan)


def _of_sources(run: _Run) -> Iterator[str]:
    """What should be known of the inputs: what is passed over, what was taken for an encoding and could be another."""
    for source in run.sources:
        yield from source.says
        if source.rows == 0:
            yield f"{source.name} holds no rows"
        if run.options.encoding is None and source.encoding is not None and not source.encoding.startswith("utf"):
            yield f"{source.name} is read as {source.encoding} (guessed by its bytes; --encoding says otherwise)"


def _begin(run: _Run) -> Outcome | None:
    """Begin anew or go on; the outcome if everything was done before."""
    outputs, parts, options = run.outputs, run.parts, run.options
    if options.resume:
        done = finished(outputs, run.plan)
        if done is not None:
            parts.clear()
            return done
    if options.resume and parts.exists:
        parts.go_on(run.plan)
        return None
    if parts.exists and not options.overwrite:
        raise InputError(f"{outputs.work.name} holds a run that was cut off; --resume goes on with it, --overwrite begins anew")
    if outputs.results.exists() and not options.overwrite:
        raise InputError(f"{outputs.results.name} is there already; name another output, or use --overwrite")
    outputs.results.parent.mkdir(parents=True, exist_ok=True)
    outputs.manifest.unlink(missing_ok=True)
    parts.begin(run.plan)
    return None


def _work(run: _Run, total: int, *, quiet: bool) -> int:
    """Do every part that is not there yet; returns how many rows were done before."""
    there = {number for number in range(-(-total // run.options.part_rows)) if run.parts.counts(number) is not None}
    already = sum(min(run.options.part_rows, total - number * run.options.part_rows) for number in there)
    waiting: deque[Part] = deque()

    def texts() -> Iterator[Any]:
        for part in _parts(run, there):
            waiting.append(part)
            yield part.texts()

    with show_progress(total, already=already, quiet=quiet) as say:
        done = already
        results = engine(run.options.engine, run.options.n_jobs, run.options.scheduler)(texts(), run.layout.job)
        for found in results:
            part = waiting.popleft()
            run.parts.commit(part.number, *run.layout.tables(part, found))
            done += len(part.taken) + len(part.rejected)
            say(done)
    return already


def _parts(run: _Run, there: set[int]) -> Iterator[Part]:
    """The parts that are still to be done; rows of the others are read and passed over."""
    rows = ((source, cells) for source in run.sources for cells in source.cells())
    for number in count():
        part, seen = Part(number), 0
        for source, cells in rows:
            seen += 1
            if number not in there:
                _sort_in(run, part, source, cells)
            if seen == run.options.part_rows:
                break
        if seen == 0:
            return
        if number not in there:
            yield part


def _sort_in(run: _Run, part: Part, source: Source, cells: Cells) -> None:
    problem, values = cells.problem, cells.values
    if values is not None:
        text = values[source.columns.index(run.chosen.text)]
        problem = _problem(text, run.options.max_chars, source.encoding)
        if not problem:
            at = {name: place for place, name in enumerate(source.columns)}
            carried = tuple(_clean(values[at[name]], column.kind) if name in at else None for name, column in run.chosen.carried)
            key = at.get(run.chosen.id or "")
            part.taken.append(Taken(source.name, cells.row, text, carried, None if key is None else _clean(values[key], "text")))
            return
    part.rejected.append(Rejected(source.name, cells.row, cells.line, problem))


def _problem(text: Any, most: int, encoding: str | None) -> str:
    problem = problem_of(text)
    if problem == "missing":
        return "the text is missing"
    if problem:
        return "the cell of the text holds no text"
    if len(text) > most:
        return f"the text has more than {most:,} characters"
    if not text.isascii() and _HALF.search(text):
        return f"the text holds bytes that are not {encoding or 'text'}; name the encoding, or mend the row"
    return ""


def _clean(value: Any, kind: Kind) -> Any:
    """A carried value as the table holds it; what can't be written in UTF-8 becomes U+FFFD."""
    text = as_text(value) if kind == "text" else value
    return _HALF.sub("\ufffd", text) if isinstance(text, str) and not text.isascii() else text
