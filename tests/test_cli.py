"""The command line, as a person uses it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ruminate.cli import main
from ruminate.results import Assessment

ENTRY = "I keep going over what I said. My boss said I'm a failure, but it's all my fault.\nMaybe she was tired. Next time I'll ask her."


def test_a_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assess", ENTRY, "--color", "never"]) == 0
    out = capsys.readouterr().out
    assert "\033" not in out
    assert "[I keep going over](replaying)" in " ".join(out.split())
    assert "doesn't count (reported)" in out
    assert "Questions that may help" in out
    assert "you are" not in out.lower()


def test_colour_only_repeats_what_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    import re

    main(["assess", ENTRY, "--color", "always"])
    coloured = capsys.readouterr().out
    main(["assess", ENTRY, "--color", "never"])
    plain = capsys.readouterr().out
    assert "\033[" in coloured
    assert re.sub(r"\033\[\d+m", "", coloured) == plain


def test_a_file_and_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "my entry.txt"
    path.write_bytes(b"\xef\xbb\xbf" + ENTRY.encode())
    assert main(["assess", str(path), "--json"]) == 0
    found = Assessment.from_dict(json.loads(capsys.readouterr().out))
    assert all(ENTRY[item.start : item.end] == item.quote for item in found.evidence)


def test_standard_input() -> None:
    run = subprocess.run([sys.executable, "-m", "ruminate", "assess", "-", "--json"], input=ENTRY.encode(), capture_output=True, check=False)
    assert run.returncode == 0
    assert json.loads(run.stdout)["schema"] == 1


def test_missing_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assess", "nowhere.txt"]) == 1
    assert "there is no file nowhere.txt" in capsys.readouterr().err


def test_not_utf8(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "old.txt"
    path.write_bytes("I can’t stop".encode("cp1252"))
    assert main(["assess", str(path)]) == 1
    assert "not UTF-8" in capsys.readouterr().err


def test_control_characters_don_t_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    main(["assess", "I failed \033[2J again and again \x07, why me?", "--color", "never"])
    out = capsys.readouterr().out
    assert "\033" not in out
    assert "\x07" not in out


@pytest.mark.parametrize("text", ["", "   ", "\ud800 hm", "x" * 5000])
def test_odd_texts(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assess", text, "--agenda"]) == 0
    assert capsys.readouterr().out


def test_signs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["signs"]) == 0
    out = capsys.readouterr().out
    assert out.count("\n") >= 28
    assert main(["signs", "curiosity"]) == 0
    assert "side: reflection" in capsys.readouterr().out
    assert main(["signs", "curiosity", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["id"] == "curiosity"


def test_unknown_sign(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["signs", "nothing"]) == 2
    assert "ruminate signs" in capsys.readouterr().err


def test_usage_error() -> None:
    with pytest.raises(SystemExit) as stop:
        main(["assess"])
    assert stop.value.code == 2


def test_a_closed_pipe_is_no_error() -> None:
    command = f"{sys.executable} -m ruminate signs self_criticism | head -1"
    run = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)  # noqa: S602
    assert run.stdout == "self_criticism\n"
    assert run.stderr == ""
