"""Files in, tables out: nothing lost, everything said, the same bytes whatever the number of processes."""

from __future__ import annotations

import csv
import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import ruminate
from ruminate.batch import BatchOptions, Outputs, run_batch
from ruminate.batch.sources import find_sources
from ruminate.cli import main
from ruminate.errors import InputError
from ruminate.frames import data_dictionary, evidence_columns, r_labels, schema, sentence_columns, spss_syntax

TEXTS = ["I keep going over it, it's all my fault.\nI ruin everything, always.", "Bought bread; \"good\" bread, and milk.", "Maybe she was tired. Next time I'll ask her first."]


def table(path: Path, rows: list[list[str]], *, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def rows_of(texts: list[str]) -> list[list[str]]:
    return [["id", "author", "text", "label"], *([f"e{at}", f"a{at % 2}", text, "human"] for at, text in enumerate(texts))]


def numbers(outcome: Any) -> tuple[int, int, int]:
    return outcome.counts["read"], outcome.counts["assessed"], outcome.counts["rejected"]


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_all_formats_say_the_same(tmp_path: Path, suffix: str) -> None:
    source = table(tmp_path / "in.csv", rows_of(TEXTS))
    out = tmp_path / f"out{suffix}"
    said: list[str] = []
    outcome = run_batch([source], out, BatchOptions(evidence=True, sentences=True), tell=said.append)
    assert numbers(outcome) == (3, 3, 0)
    results = ruminate.read_results(out)
    assert results.columns[:6].tolist() == ["source", "row", "id", "author", "text", "input_label"]
    assert any("'label' is carried as 'input_label'" in line for line in said)
    assert results["text"].tolist() == TEXTS
    assert results["row"].tolist() == [1, 2, 3]
    evidence, sentences = ruminate.read_evidence(out), ruminate.read_sentences(out)
    assert {*(column.name for column in evidence_columns())} <= {*evidence.columns}
    for text, row in zip(TEXTS, results.to_dict("records"), strict=True):
        one = ruminate.assess(text)
        assert row["label"] == one.label
        assert row["p_rumination"] == one.probabilities["rumination"], "numbers come back bit for bit"
        assert {name: row[f"sign_{name}"] for name in one.signs} == dict(one.signs)
        assert row["f_words"] == ruminate.featurize(text)["words"] if "f_words" in row else True
        assert evidence[evidence["id"] == row["id"]]["quote"].tolist() == [item.quote for item in one.evidence]
        assert sentences[sentences["id"] == row["id"]]["start"].tolist() == [item.start for item in one.sentences]
    assert not Outputs(out).work.exists()


def test_every_feature_is_there(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    run_batch([table(tmp_path / "in.csv", rows_of(TEXTS))], out)
    first = json.loads(out.read_text("utf-8").splitlines()[0])
    expected = {f"f_{name}": value for name, value in ruminate.featurize(TEXTS[0]).items() if not name.startswith("sign:")}
    assert {name: value for name, value in first.items() if name.startswith("f_")} == expected


def test_processes_change_no_byte(tmp_path: Path) -> None:
    source = table(tmp_path / "in.csv", rows_of(TEXTS * 50))
    for jobs in (1, 2):
        run_batch([source], tmp_path / f"{jobs}.parquet", BatchOptions(evidence=True, part_rows=20, n_jobs=jobs))
    for name in ("{}.parquet", "{}.evidence.parquet", "{}.rejects.csv", "{}.identifiers.csv"):
        assert (tmp_path / name.format(1)).read_bytes() == (tmp_path / name.format(2)).read_bytes()
    one, two = (json.loads((tmp_path / f"{jobs}.parquet.manifest.json").read_text()) for jobs in (1, 2))
    assert [entry["sha256"] for entry in one["outputs"]] == [entry["sha256"] for entry in two["outputs"]]


@pytest.mark.parametrize(("encoding", "delimiter"), [("cp1252", ";"), ("utf-16", "\t"), ("utf-8-sig", "|"), ("utf-16-le", ",")])
def test_encodings_and_delimiters(tmp_path: Path, encoding: str, delimiter: str) -> None:
    texts = [f"I can’t let it go – café, naïve, “fine”, {at} times over and over again." for at in range(8)]
    source = table(tmp_path / "in.csv", rows_of(texts), delimiter=delimiter, encoding=encoding)
    run_batch([source], tmp_path / "out.csv")
    assert ruminate.read_results(tmp_path / "out.csv")["text"].tolist() == texts


def test_every_kind_of_input(tmp_path: Path) -> None:
    frame = pd.DataFrame({"text": TEXTS, "n": [1, 2, 3], "day": pd.to_datetime(["2020-04-06"] * 3)})
    frame.to_parquet(tmp_path / "a.parquet")
    frame[["text", "n"]].to_excel(tmp_path / "b.xlsx", index=False, engine="openpyxl")
    (tmp_path / "c.jsonl").write_text("".join(json.dumps({"text": text, "more": {"n": 1}}) + "\n" for text in TEXTS), "utf-8")
    with gzip.open(tmp_path / "d.tsv.gz", "wt", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter="\t").writerows([["text"], *([text] for text in TEXTS)])
    folder = tmp_path / "notes"
    (folder / "in").mkdir(parents=True)
    for at, text in enumerate(TEXTS):
        (folder / "in" / f"{at}.{'md' if at else 'txt'}").write_text(text, "utf-8", newline="")
    inputs = [tmp_path / name for name in ("a.parquet", "b.xlsx", "c.jsonl", "d.tsv.gz", "notes")]
    outcome = run_batch(inputs, tmp_path / "out.jsonl", BatchOptions(text_column="text"))
    assert numbers(outcome) == (15, 15, 0)
    found = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert [row["text"].replace("\r\n", "\n") for row in found] == TEXTS * 5
    assert found[0]["day"] == "2020-04-06T00:00:00"
    assert found[6]["more"] == '{"n": 1}'
    assert found[12]["file"] == "in/0.txt"
    assert outcome.counts["duplicate_texts"] == 12


def test_rejects_are_named_and_counted(tmp_path: Path) -> None:
    lines = ['{"id": 1, "text": "I noticed it, and let it be."}', "{broken", '["no object"]', '{"id": 4}', '{"id": 5, "text": 12}', "", '{"id": 6, "text": "\\ud800 half"}', f'{{"text": "{"long " * 40}"}}']
    source = tmp_path / "in.jsonl"
    source.write_text("\n".join(lines), "utf-8")
    outcome = run_batch([source], tmp_path / "out.csv", BatchOptions(max_chars=100))
    assert numbers(outcome) == (7, 1, 6)
    rejects = pd.read_csv(Outputs(tmp_path / "out.csv").rejects)
    assert rejects["line"].tolist() == [2, 3, 4, 5, 7, 8]
    assert rejects["row"].tolist() == [2, 3, 4, 5, 6, 7]
    assert rejects["reason"].tolist()[:4] == ["not valid JSON", "not a JSON object", "the text is missing", "the cell of the text holds no text"]
    assert "half" not in Outputs(tmp_path / "out.csv").rejects.read_text()
    assert "long" not in Outputs(tmp_path / "out.csv").rejects.read_text()


def test_a_quote_that_is_never_closed_costs_one_line(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text('id,text\n1,"fine, and\nover two lines"\n2,"never closed\n3,"fine again"\n4,plain\n5,one,too many\n6,"an "inner" quote"\n7,"open to the end\n8,last\n', "utf-8")
    outcome = run_batch([source], tmp_path / "out.csv")
    assert numbers(outcome) == (8, 4, 4)
    assert ruminate.read_results(tmp_path / "out.csv")["id"].tolist() == ["1", "3", "4", "8"]
    rejects = pd.read_csv(Outputs(tmp_path / "out.csv").rejects)
    assert rejects["line"].tolist() == [4, 7, 8, 9]
    assert rejects["reason"].str.contains("quote|cells").all()


def test_mixed_encodings_cost_the_odd_rows(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    good = "".join(f"{at},I can’t let it go – it was a café\n" for at in range(20)).encode()
    source.write_bytes(b"id,text\n" + good + "20,caf\xe9 again\n".encode("latin-1") + b"21,plain\x00 with a NUL\n")
    outcome = run_batch([source], tmp_path / "out.parquet")
    assert numbers(outcome) == (22, 21, 1)
    assert list(outcome.counts["reasons"]) == ["the text holds bytes that are not utf-8; name the encoding, or mend the row"]
    assert ruminate.read_results(tmp_path / "out.parquet")["text"].tolist()[-1] == "plain\x00 with a NUL"


def test_the_encoding_of_long_lines(tmp_path: Path) -> None:
    """What tells the encoding may stand far out in a line; one odd row must not speak for the file."""
    source = tmp_path / "in.csv"
    far = "x" * 9000
    good = "id,junk,text\n" + "".join(f"{at},{far},It was a café\n" for at in range(9))
    source.write_bytes(good.encode() + b"9,,caf\xe9\n")
    said: list[str] = []
    outcome = run_batch([source], tmp_path / "out.csv", BatchOptions(text_column="text"), tell=said.append)
    assert numbers(outcome) == (10, 9, 1)
    assert not any("read as" in line for line in said)
    source.write_bytes(good.encode("cp1252"))
    outcome = run_batch([source], tmp_path / "old.csv", BatchOptions(text_column="text"), tell=said.append)
    assert numbers(outcome) == (9, 9, 0)
    assert any("in.csv is read as cp1252 (guessed by its bytes; --encoding says otherwise)" in line for line in said)


def test_a_gzip_that_ends_early_says_so(tmp_path: Path) -> None:
    import random

    random.seed(1)
    whole = gzip.compress(("text\n" + "".join(f"note {random.random()} about my day at work\n" for _ in range(500))).encode())
    source = tmp_path / "in.csv.gz"
    source.write_bytes(whole[: len(whole) // 2])
    outcome = run_batch([source], tmp_path / "out.csv")
    read, assessed, rejected = numbers(outcome)
    assert read == assessed + rejected
    assert assessed > 50
    assert any("ends early" in reason for reason in outcome.counts["reasons"])


def test_errors_say_what_to_do(tmp_path: Path) -> None:
    source = table(tmp_path / "in.csv", rows_of(TEXTS))
    with pytest.raises(InputError, match=r"no column 'words'.*--text-column"):
        run_batch([source], tmp_path / "out.csv", BatchOptions(text_column="words"))
    with pytest.raises(InputError, match="no file or folder"):
        run_batch([tmp_path / "nowhere.csv"], tmp_path / "out.csv")
    with pytest.raises(InputError, match="must end in"):
        run_batch([source], tmp_path / "out.docx")
    with pytest.raises(InputError, match="which column holds the texts"):
        run_batch([table(tmp_path / "n.csv", [["a", "b"], ["1", "2"]])], tmp_path / "out.csv")
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(InputError, match="no Parquet file"):
        run_batch([tmp_path / "bad.parquet"], tmp_path / "out.csv")
    (tmp_path / "empty.csv").write_bytes(b"")
    with pytest.raises(InputError, match="the file is empty"):
        run_batch([tmp_path / "empty.csv"], tmp_path / "out.csv")
    run_batch([source], tmp_path / "out.csv")
    with pytest.raises(InputError, match="--overwrite"):
        run_batch([source], tmp_path / "out.csv")
    assert run_batch([source], tmp_path / "out.csv", BatchOptions(overwrite=True)).counts["assessed"] == 3


def test_guesses_are_said_and_never_between_two(tmp_path: Path) -> None:
    rows = [["startdate", "date", "time", "long_answer"], *([["2020-04-06", "x", "y", text + " and so on, for a while, since it was long"] for text in TEXTS])]
    said: list[str] = []
    run_batch([table(tmp_path / "in.csv", rows)], tmp_path / "out.csv", tell=said.append)
    assert any("'long_answer' (guessed: the only one that reads like prose" in line for line in said)
    assert any("time column: none, since 2 fit" in line for line in said)


def test_columns_that_stand_twice_or_have_no_name(tmp_path: Path) -> None:
    (source,) = find_sources([table(tmp_path / "in.csv", [["", "text", "text"], ["1", "a", "b"]])])
    assert source.columns == ("column_1", "text", "text_3")


def test_redacted_output_holds_no_words(tmp_path: Path) -> None:
    word = "Zanzibar"
    rows = [["id", "text", "comment"], *([f"e{at}", f"It's all my fault that {word} failed, I keep going over it.", f"{word} again"] for at in range(3))]
    source = table(tmp_path / "in.csv", rows)
    for suffix in (".csv", ".jsonl"):
        run_batch([source], tmp_path / f"out{suffix}", BatchOptions(redact=True, evidence=True, sentences=True))
    for file in tmp_path.glob("out*"):
        content = file.read_text("utf-8")
        assert word not in content, file.name
        assert "my fault" not in content, file.name
    evidence = pd.read_csv(tmp_path / "out.evidence.csv")
    assert {"id", "sign", "start", "end"} <= {*evidence.columns}
    assert not {"quote", "pattern"} & {*evidence.columns}


def test_the_manifest_says_where_it_comes_from(tmp_path: Path) -> None:
    from hashlib import sha256

    source = table(tmp_path / "in.csv", rows_of(TEXTS))
    assert main(["batch", str(source), "-o", str(tmp_path / "out.csv"), "--quiet", "--evidence"]) == 0
    manifest = json.loads((tmp_path / "out.csv.manifest.json").read_text("utf-8"))
    assert manifest["inputs"][0]["sha256"] == sha256(source.read_bytes()).hexdigest()
    for entry in manifest["outputs"]:
        assert entry["sha256"] == sha256((tmp_path / entry["name"]).read_bytes()).hexdigest()
    assert manifest["counts"]["read"] == manifest["counts"]["assessed"] + manifest["counts"]["rejected"] == 3
    assert sum(manifest["counts"]["labels"].values()) == 3
    assert manifest["decided_by"] == ruminate.Analyzer().scorer.name
    assert len(manifest["signs_sha256"]) == 64
    assert manifest["versions"]["ruminate"] == ruminate.__version__
    assert TEXTS[1] not in json.dumps(manifest)


def test_offline(tmp_path: Path) -> None:
    """A whole run, also in two processes, with every way to the network blocked."""
    source = table(tmp_path / "in.csv", rows_of(TEXTS * 4))
    code = """
import socket, sys

def no_network(event, arguments):
    outside = event in ("socket.connect", "socket.sendto") and getattr(arguments[0], "family", None) != socket.AF_UNIX
    if outside or event in ("socket.getaddrinfo", "socket.gethostbyname", "urllib.Request"):
        raise SystemExit(f"{event}: the network was asked for")

sys.addaudithook(no_network)
from ruminate.cli import main
for jobs in ("1", "2"):
    assert main(["batch", sys.argv[1], "-o", sys.argv[2] + jobs + ".parquet", "--jobs", jobs, "--evidence", "--quiet"]) == 0
print("offline")
"""
    done = subprocess.run([sys.executable, "-c", code, str(source), str(tmp_path / "out")], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "offline", done.stderr


def test_logs_hold_no_text_and_counts_add_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = table(tmp_path / "in.csv", rows_of([*TEXTS, "My name is Ayla, mail jo.b@example.org, I keep going over it."]))
    assert main(["batch", str(source), "-o", str(tmp_path / "out.csv")]) == 0
    said = capsys.readouterr().err
    assert "4 rows read = 4 assessed + 0 rejected" in said
    assert "e-mail addresses in 1 row" in said
    assert "jo.b" not in said
    assert "Ayla" not in said
    assert "4 of 4 rows" in said


def test_the_dictionary_knows_every_column(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_batch([table(tmp_path / "in.csv", [["text"], *([text] for text in TEXTS)])], tmp_path / "out.csv", BatchOptions(evidence=True, sentences=True))
    entries = data_dictionary()
    for kind in ("results", "evidence", "sentences"):
        described = {entry["column"]: entry for entry in entries if entry["table"] == kind}
        file = tmp_path / ("out.csv" if kind == "results" else f"out.{kind}.csv")
        assert {*pd.read_csv(file, nrows=0).columns} - {"text"} == {*described}
        assert all(entry["meaning"] and entry["range"] and entry["source"] for entry in described.values()), [e for e in described.values() if not e["source"]]
    assert len(schema()) + len(sentence_columns()) < len(entries)
    for command, beginning in ((["dictionary"], "table,column"), (["dictionary", "--spss"], "* Labels"), (["dictionary", "--r"], "# Labels")):
        assert main(command) == 0
        assert capsys.readouterr().out.startswith(beginning)
    assert main(["dictionary", "-o", str(tmp_path / "codebook.csv")]) == 0
    assert len(pd.read_csv(tmp_path / "codebook.csv")) == len(entries)
    assert "/label 'reflection' 'reflection'" in spss_syntax()
    assert r_labels().count("{") == r_labels().count("}")
