"""What people really hand in: no header, two sheets, the line of a spreadsheet, a folder with other things, one name twice."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import ruminate
from ruminate.batch import BatchOptions, run_batch
from ruminate.errors import InputError

PROSE = "I keep going over what I said; it's all my fault, as always, and I can't stop."


def told(inputs: list[Path], out: Path, **options: object) -> list[str]:
    said: list[str] = []
    run_batch(inputs, out, BatchOptions(**options), tell=said.append)  # type: ignore[arg-type]
    return said


def test_a_table_without_a_header_is_refused_and_not_repeated(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("".join(f'{at},"{PROSE}"\n' for at in range(4)), "utf-8")
    with pytest.raises(InputError, match="first line reads like an entry") as caught:
        run_batch([source], tmp_path / "out.csv")
    with pytest.raises(InputError, match=r"a long name \(column 2\)") as named:
        run_batch([source], tmp_path / "out.csv", BatchOptions(text_column="text"))
    assert "fault" not in str(caught.value) + str(named.value)
    assert not (tmp_path / "out.csv").exists()


def test_a_question_as_a_name_can_be_handed_in(tmp_path: Path) -> None:
    question = "How did the session go today? Write as much as you like."
    pd.DataFrame({"n": [1, 2], question: [PROSE, "Bought bread."]}).to_csv(tmp_path / "in.csv", index=False)
    run_batch([tmp_path / "in.csv"], tmp_path / "out.csv", BatchOptions(text_column=question))
    assert ruminate.read_results(tmp_path / "out.csv")[question].tolist() == [PROSE, "Bought bread."]


def test_only_the_first_sheet_and_it_is_said(tmp_path: Path) -> None:
    data = pd.DataFrame({"text": [PROSE]})
    for name, order in (("good.xlsx", ("Data", "About")), ("bad.xlsx", ("About", "Data"))):
        with pd.ExcelWriter(tmp_path / name, engine="openpyxl") as book:
            for sheet in order:
                (data if sheet == "Data" else pd.DataFrame({"info": ["see the other"]})).to_excel(book, sheet_name=sheet, index=False)
    assert "good.xlsx: only its first sheet, 'Data', is read; there are 1 more" in told([tmp_path / "good.xlsx"], tmp_path / "out.csv")
    with pytest.raises(InputError, match="only its first sheet, 'About', is read"):
        run_batch([tmp_path / "bad.xlsx"], tmp_path / "bad.csv")


def test_the_line_that_names_the_delimiter(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(f'sep=;\nid;text\n1;{PROSE.replace(";", ",")}\n2;a;b\n', "utf-8")
    run_batch([tmp_path / "in.csv"], tmp_path / "out.csv")
    assert ruminate.read_results(tmp_path / "out.csv")["row"].tolist() == [1]
    assert pd.read_csv(tmp_path / "out.rejects.csv")[["row", "line"]].to_numpy().tolist() == [[2, 4]]


def test_a_folder_says_what_it_passes_over(tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "a.txt").write_text(PROSE, "utf-8")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / "b.txt").write_bytes(bytes(range(256)) * 10)
    assert "the folder " + str(folder) + ": passed over, being no .txt or .md: 1" in told([folder], tmp_path / "out.csv")
    (reason,) = pd.read_csv(tmp_path / "out.rejects.csv")["reason"]
    assert reason == "b.txt: no encoding was found that fits; give one with --encoding"


def test_one_name_in_two_folders_stays_apart(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "in.csv").write_text(f'text\n"{PROSE} {name}"\n', "utf-8")
    run_batch([tmp_path / "a" / "in.csv", tmp_path / "b" / "in.csv"], tmp_path / "out.csv")
    assert ruminate.read_results(tmp_path / "out.csv")["source"].tolist() == ["in.csv", "b/in.csv"]
    with pytest.raises(InputError, match="given twice"):
        run_batch([tmp_path / "a" / "in.csv", tmp_path / "b" / ".." / "a" / "in.csv"], tmp_path / "twice.csv")


def test_nothing_but_a_header_says_so(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("id,text\n", "utf-8")
    assert "in.csv holds no rows" in told([tmp_path / "in.csv"], tmp_path / "out.csv")
    assert ruminate.read_results(tmp_path / "out.csv").empty


def test_two_columns_that_could_be_the_text(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("text,note\nhello,there\n", "utf-8")
    with pytest.raises(InputError, match=r"several have a name that fits \('text', 'note'\)"):
        run_batch([tmp_path / "in.csv"], tmp_path / "out.csv")


def test_a_code_page_that_reads_the_same_is_the_western_one(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("text\n" + f"{PROSE} “So what?” – that's all\n" * 3, "cp1252")
    assert "in.csv is read as cp1252 (guessed by its bytes; --encoding says otherwise)" in told([tmp_path / "in.csv"], tmp_path / "out.csv")
