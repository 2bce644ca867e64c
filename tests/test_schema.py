"""The wire format: valid by its own schema, read back, and read by later versions."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest

from ruminate import results
from ruminate.analyzer import Analyzer
from ruminate.cli import main
from ruminate.errors import InputError
from ruminate.results import SCHEMA_VERSION, Assessment
from ruminate.schema import json_schema, typescript
from ruminate.text.scope import REASONS

WIRE = Path(__file__).parent / "cases" / "wire"
DRAFTS = Path(__file__).parents[1] / "data" / "authored" / "texts.jsonl"
PARTS = ("Evidence", "Contribution", "SentenceScore", "Shift", "Guidance", "Flag")
TEXTS = [
    "", "Bought bread.", "I want to kill myself.", "Ich war heute im Garten und habe lange gelesen.", "it's all my fault \ud800", "My supervisor knows that he mentioned a plan.",
    "I keep going over what I said. It's all my fault. Maybe she was tired. I noticed I was anxious. Next time I'll ask her.",
]  # fmt: skip


def test_every_part_is_described() -> None:
    schema = json_schema()
    assert list(schema["properties"]) == ["schema", *(field.name for field in fields(Assessment))]
    assert schema["properties"]["schema"]["const"] == SCHEMA_VERSION
    for name in PARTS:
        assert list(schema["$defs"][name]["properties"]) == list(getattr(results, name)._fields)
    for part in (schema, *schema["$defs"].values()):
        assert part["description"]
        assert all("$ref" in value or value["description"] for value in part["properties"].values())
    assert tuple(schema["properties"]["label"]["enum"]) == get_args(results.Label)
    assert tuple(schema["properties"]["abstained"]["enum"][:-1]) == get_args(results.Abstention)
    assert all(reason in schema["$defs"]["Evidence"]["properties"]["cancelled_by"]["description"] for reason in REASONS)


def test_what_is_written_is_valid(analyzer: Analyzer) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(json_schema())
    check = jsonschema.Draft202012Validator(json_schema())
    authored = [json.loads(line)["text"] for line in DRAFTS.read_text("utf-8").splitlines()[::9]]
    for found in analyzer.assess_many(TEXTS + authored):
        assert [error.message for error in check.iter_errors(json.loads(found.to_json()))] == []
    broken = json.loads(found.to_json())
    broken["label"] = "sad"
    del broken["evidence"]
    assert len(list(check.iter_errors(broken))) == 2, "and the schema can say no"


@pytest.mark.parametrize("path", sorted(WIRE.glob("*.json")), ids=lambda path: path.stem)
def test_what_older_versions_wrote_is_read(path: Path) -> None:
    """These files are never made anew: they are what hosts have stored."""
    stored = json.loads(path.read_text("utf-8"))
    found = Assessment.from_dict(stored)
    assert (found.label, found.shift, found.evidence[0].quote) == ("reflection", results.Shift(2, 82, "to_reflection"), "I keep going over")
    if stored["schema"] == SCHEMA_VERSION:
        assert found.to_dict() == stored


def test_every_schema_has_a_stored_example() -> None:
    assert {path.stem for path in WIRE.glob("*.json")} == {f"schema_{version}" for version in range(1, SCHEMA_VERSION + 1)}


def stored() -> dict[str, Any]:
    data: dict[str, Any] = json.loads((WIRE / "schema_1.json").read_text("utf-8"))
    return data


def test_keys_of_later_versions_are_passed_over() -> None:
    """Keys may be added within one schema; the document says so, and an old reader must not stumble."""
    data = stored()
    expected = Assessment.from_dict(stored())
    data["new"] = 1
    for name in ("evidence", "sentences", "guidance"):
        data[name][0]["new"] = 1
    data["contributions"]["features"][0]["new"] = data["shift"]["new"] = data["contributions"]["new"] = 1
    assert Assessment.from_dict(data) == expected


@pytest.mark.parametrize("version", [0, SCHEMA_VERSION + 1, None, "1", 1.5])
def test_other_schemas_are_refused(version: object) -> None:
    with pytest.raises(InputError, match="can't be read by this version"):
        Assessment.from_dict({**stored(), "schema": version})


@pytest.mark.parametrize("key", sorted(set(stored()) - {"schema"}))
def test_a_missing_key_is_named(key: str) -> None:
    data = stored()
    del data[key]
    with pytest.raises(InputError, match=key):
        Assessment.from_dict(data)


def test_the_command_prints_what_the_call_gives(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == json_schema()
    assert main(["schema", "--typescript"]) == 0
    assert capsys.readouterr().out == typescript()


def test_typescript_names_every_part() -> None:
    source = typescript()
    assert re.findall(r"export interface (\w+)", source) == ["Assessment", "Probabilities", "Evidence", "Contributions", "Contribution", *PARTS[2:]]
    assert '  label: "reflection" | "rumination" | "neither" | "uncertain";' in source
    assert "  shift: Shift | null;" in source
    assert "  intercept: [number, number, number];" in source
    assert "  signs: Record<string, number>;" in source


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("tsc") is None, reason="needs the TypeScript compiler")
def test_typescript_compiles(tmp_path: Path) -> None:
    (tmp_path / "assessment.ts").write_text(typescript() + f"const one: Assessment = {(WIRE / 'schema_1.json').read_text('utf-8')};\nconsole.log(one.label);\n", "utf-8")
    subprocess.run(["tsc", "--strict", "--noEmit", "--lib", "es2020,dom", "assessment.ts"], cwd=tmp_path, check=True)
