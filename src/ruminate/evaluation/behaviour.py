"""The behaviour suite: what a system must be able to do, capability by capability, and the cases in which it doesn't.

After CheckList (Ribeiro et al. 2020), each case is one of three kinds: "minimum" (the text must get one of the named labels),
"invariance" (a change that leaves the way of thinking as it was must leave the label, and nearly the probabilities), and
"direction" (a change of the way of thinking must move a probability the right way). Where high accuracy hides *which*
texts go wrong, a failure rate per capability says it. A rate is no share of real texts: the cases are chosen to be hard.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ruminate.analyzer import Analyzer
from ruminate.errors import InputError
from ruminate.evaluation.metrics import Estimate, predicted
from ruminate.results import LABELS

__all__ = ["KINDS", "WAYS", "BehaviourReport", "Capability", "Case", "Failure", "predict_with", "read_cases", "run_behaviour", "wilson"]

Matrix = NDArray[np.float64]
Predict = Callable[[Sequence[str]], Matrix]

KINDS: Final = ("minimum", "invariance", "direction")
LEAST_MOVE: Final = 0.01
"""How far a probability has to go to have risen or fallen."""
SLACK: Final = 0.02
"""How far a probability may go the wrong way where it only must not rise, or must not fall."""
WAYS: Final[Mapping[str, Callable[[float], bool]]] = MappingProxyType({
    "up": lambda move: move >= LEAST_MOVE,
    "down": lambda move: move <= -LEAST_MOVE,
    "not_up": lambda move: move <= SLACK,
    "not_down": lambda move: move >= -SLACK,
})  # fmt: skip
"""Which way a probability must go, from the text to the changed text."""
_KEYS: Final = frozenset("id capability kind rule text changed expect".split())
_RULES: Final = 17


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case of the suite.

    Attributes
    ----------
    id, capability, kind
        A unique id, what is tried, and one of `KINDS`.
    rule
        The codebook's decision rule that settles it, or None for an invariance, which needs none.
    text, changed
        The text; and the same text with something changed, for the two kinds that compare.
    labels
        The labels that are right ("minimum").
    tolerance
        How far any probability may move ("invariance").
    moves
        Which probabilities must go which way ("direction"): pairs of a label and one of `WAYS`.
    """

    id: str
    capability: str
    kind: str
    text: str
    rule: int | None = None
    changed: str | None = None
    labels: tuple[str, ...] = ()
    tolerance: float = 0.0
    moves: tuple[tuple[str, str], ...] = ()


class Failure(NamedTuple):
    """A case that went wrong: what was expected, and what came. No text: it stands in the data, under the id."""

    id: str
    capability: str
    kind: str
    expected: str
    came: str


class Capability(NamedTuple):
    """One capability: how many cases it has, how many failed, and the failure rate with Wilson's 95 % interval."""

    name: str
    cases: int
    failed: int
    rate: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class BehaviourReport:
    """What a run of the suite found.

    Attributes
    ----------
    capabilities, kinds
        Failure rates by capability, in the order of their names, and by kind of case.
    everything
        The same over all cases.
    failures
        Every case that failed, in the order of the cases.
    """

    capabilities: tuple[Capability, ...]
    kinds: tuple[Capability, ...]
    everything: Capability
    failures: tuple[Failure, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionaries and lists, for JSON."""
        return {
            **{name: [_plain(part) for part in getattr(self, name)] for name in ("capabilities", "kinds")},
            "everything": _plain(self.everything),
            "failures": [failure._asdict() for failure in self.failures],
        }


def _plain(part: Capability) -> dict[str, Any]:
    return {**part._asdict(), "rate": list(part.rate)}


def read_cases(path: str | Path | None = None) -> list[Case]:
    """Read cases from a file of JSON lines, or from all such files of a folder.

    Parameters
    ----------
    path
        A file, a folder, or None for the suite of the repository. `data/behaviour/README.md` describes a line.

    Raises
    ------
    InputError
        If there is nothing at the path, a line is no case, or an id stands twice; the message names file and line and quotes
        nothing of the text.
    """
    place = Path(__file__).parents[3] / "data" / "behaviour" if path is None else Path(path)
    if path is None and not place.is_dir():
        raise InputError("the behaviour suite is not part of an installed package; take data/behaviour from the repository and give its path")
    files = sorted(place.glob("*.jsonl")) if place.is_dir() else [place]
    if not files or not all(file.is_file() for file in files):
        raise InputError(f"there are no cases at {place}; a file of JSON lines or a folder of such files is needed")
    cases: dict[str, Case] = {}
    for file in files:
        try:
            lines = file.read_text("utf-8").split("\n")  # not splitlines: a text may hold other line separators
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{file} can't be read as UTF-8 text: {type(error).__name__}") from None
        for number, line in enumerate(lines, start=1):
            if line.strip():
                where = f"{file.name}, line {number}"
                case = _case(line, where)
                if case.id in cases:
                    raise InputError(f"{where}: the id {case.id} stands twice; failures are told by id, so each case needs its own")
                cases[case.id] = case
    return list(cases.values())


def _case(line: str, where: str) -> Case:
    try:
        raw = json.loads(line)
    except json.JSONDecodeError:
        raise InputError(f"{where}: this is no JSON") from None
    _must(isinstance(raw, dict), where, "a case is an object with the keys " + ", ".join(sorted(_KEYS)))
    _must(set(raw) <= _KEYS, where, f"no other keys than {', '.join(sorted(_KEYS))} are known")
    for key in ("id", "capability", "text"):
        _must(isinstance(raw.get(key), str) and bool(raw[key].strip()), where, f"{key}: a text is needed here")
    kind, rule, changed, expect = (raw.get(key) for key in ("kind", "rule", "changed", "expect"))
    _must(kind in KINDS, where, f"kind: must be one of {', '.join(KINDS)}")
    _must(rule is None or (type(rule) is int and 1 <= rule <= _RULES), where, f"rule: the number of a decision rule of the codebook, 1 to {_RULES}, or null")
    _must(isinstance(expect, dict), where, "expect: an object is needed here")
    plain = {"id": raw["id"], "capability": raw["capability"], "kind": kind, "rule": rule, "text": raw["text"]}
    if kind == "minimum":
        _must(changed is None, where, "changed: a minimum case has one text only")
        labels = expect.get("labels")
        right = isinstance(labels, list) and 0 < len(labels) < len(LABELS) and sorted(set(LABELS) & set(map(str, labels))) == sorted(map(str, labels))
        _must(right and set(expect) == {"labels"}, where, f"expect: labels must be one or two of {', '.join(LABELS)}, and nothing else")
        return Case(**plain, labels=tuple(expect["labels"]))
    _must(isinstance(changed, str) and bool(changed.strip()) and changed != raw["text"], where, "changed: a second text is needed, other than the first")
    if kind == "invariance":
        tolerance = expect.get("tolerance")
        right = type(tolerance) is float and 0.0 < tolerance < 1.0
        _must(right and set(expect) == {"tolerance"}, where, "expect: tolerance must be a number between 0 and 1, and stand alone")
        return Case(**plain, changed=changed, tolerance=expect["tolerance"])
    right = bool(expect) and set(expect) <= set(LABELS) and all(isinstance(way, str) and way in WAYS for way in expect.values())
    _must(right, where, f"expect: a label ({', '.join(LABELS)}) with the way that its probability must go ({', '.join(WAYS)})")
    return Case(**plain, changed=changed, moves=tuple(expect.items()))


def _must(condition: bool, where: str, what: str) -> None:
    if not condition:
        raise InputError(f"{where}: {what}")


def predict_with(analyzer: Analyzer) -> Predict:
    """What `run_behaviour` asks of a system, for an analyzer of this library; hand it `analyzer.scorer.decision` too.

    Abstaining is left aside: the suite judges the probabilities and the label that they would give.
    """

    def predict(texts: Sequence[str]) -> Matrix:
        found = [item.probabilities for item in analyzer.assess_many(texts)]
        return np.array([[chances[label] for label in LABELS] for chances in found]).reshape(-1, len(LABELS))

    return predict


def run_behaviour(cases: Iterable[Case], predict: Predict, *, decision: Sequence[float] = (1.0, 1.0, 1.0)) -> BehaviourReport:
    """Try a system on all cases.

    Parameters
    ----------
    cases
        From `read_cases`, or made by hand.
    predict
        Any system: takes n texts and returns their probabilities, n x 3, in the order of `ruminate.LABELS`. It is called once.
    decision
        How much each label is favoured when one is chosen, as in `LinearScorer.decision`.

    Raises
    ------
    InputError
        If there are no cases, or what the system returns are no probabilities of that shape.

    Examples
    --------
    >>> case = Case(id="a", capability="plain", kind="minimum", text="Rain again.", labels=("neither",))
    >>> report = run_behaviour([case], lambda texts: np.tile([0.1, 0.8, 0.1], (len(texts), 1)))
    >>> report.everything.rate.value
    1.0
    >>> report.failures[0].expected, report.failures[0].came
    ('neither', 'rumination (.10 .80 .10)')
    """
    tried = list(cases)
    if not tried:
        raise InputError("there are no cases to try; read them with read_cases")
    texts = list(dict.fromkeys(text for case in tried for text in (case.text, case.changed) if text is not None))
    chances = np.asarray(predict(texts), dtype=np.float64)
    if chances.shape != (len(texts), len(LABELS)) or not np.allclose(chances.sum(axis=1), 1.0, atol=0.02) or (chances < 0).any():
        raise InputError(f"a system must return probabilities of shape ({len(texts)}, {len(LABELS)}), each row with sum 1; shape {chances.shape} came")
    seen = dict(zip(texts, zip(chances, predicted(chances, decision).tolist(), strict=True), strict=True))
    judged = [(case, _judge(case, *seen[case.text], *seen[case.changed or case.text])) for case in tried]
    return BehaviourReport(
        capabilities=_rates([(case.capability, failure is not None) for case, failure in judged]),
        kinds=_rates([(case.kind, failure is not None) for case, failure in judged]),
        everything=_rates([("everything", failure is not None) for _, failure in judged])[0],
        failures=tuple(failure for _, failure in judged if failure is not None),
    )


def _judge(case: Case, before: Matrix, label: int, after: Matrix, changed_label: int) -> Failure | None:
    moved = after - before
    if case.kind == "minimum":
        passed, expected = LABELS[label] in case.labels, " or ".join(case.labels)
        came = _said(label, before)
    else:
        came = f"{_said(label, before)}, then {_said(changed_label, after)}"
        if case.kind == "invariance":
            passed = label == changed_label and float(np.abs(moved).max()) <= case.tolerance
            expected = f"the same label, no probability moved by more than {case.tolerance:.2f}"
        else:
            passed = all(WAYS[way](float(moved[LABELS.index(name)])) for name, way in case.moves)
            expected = ", ".join(f"{name} {way.replace('_', ' ')}" for name, way in case.moves)
    return None if passed else Failure(case.id, case.capability, case.kind, expected, came)


def _said(label: int, row: Matrix) -> str:
    return f"{LABELS[label]} ({' '.join(f'{chance:.2f}'.removeprefix('0') for chance in row)})"


def _rates(outcomes: Sequence[tuple[str, bool]]) -> tuple[Capability, ...]:
    parts: dict[str, list[bool]] = {}
    for name, failed in outcomes:
        parts.setdefault(name, []).append(failed)
    return tuple(Capability(name, len(found), sum(found), wilson(sum(found), len(found))) for name, found in sorted(parts.items()))


def wilson(hits: int, tries: int) -> Estimate:
    """A share with Wilson's 95 % interval, which also holds for few tries and for none or all of them hit.

    Examples
    --------
    >>> str(wilson(0, 20))
    '.00 [.00, .16]'
    """
    share, z = hits / tries, 1.959964
    middle, spread = share + z * z / (2 * tries), z * sqrt(share * (1 - share) / tries + z * z / (4 * tries * tries))
    whole = 1 + z * z / tries
    return Estimate(share, max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole))
