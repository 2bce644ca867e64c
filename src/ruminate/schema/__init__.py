"""The wire format of an assessment, for other languages: JSON Schema, and TypeScript types made from it.

`Assessment.to_dict` writes it, `Assessment.from_dict` reads it. Keys may be added within one version, so readers ignore
those that they don't know; the version rises when a reader of the older form would be misled.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

__all__ = ["json_schema", "typescript"]

_PLAIN: Final = {"string": "string", "number": "number", "integer": "number", "null": "null", "boolean": "boolean"}


@cache
def _source() -> str:
    return files("ruminate.schema").joinpath("assessment.schema.json").read_text("utf-8")


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of `Assessment.to_dict`.

    Examples
    --------
    >>> json_schema()["title"]
    'Assessment'
    """
    schema: dict[str, Any] = json.loads(_source())
    return schema


def typescript() -> str:
    """The same as TypeScript interfaces, made from the schema.

    Examples
    --------
    >>> "export interface Assessment {" in typescript()
    True
    """
    schema = json_schema()
    parts = [_interface(name, part) for name, part in (("Assessment", schema), *schema["$defs"].items())]
    head = f"// Made by `ruminate schema --typescript` from {schema['$id']}. Offsets count code points: Array.from(text).slice(start, end)."
    return "\n".join((head, *parts))


def _interface(name: str, part: Mapping[str, Any]) -> str:
    lines = [f"/** {part['description']} */", f"export interface {name} {{"]
    for key, value in part["properties"].items():
        if "description" in value:
            lines.append(f"  /** {value['description']} */")
        lines.append(f"  {key}{'' if key in part['required'] else '?'}: {_type(value)};")
    return "\n".join([*lines, "}", ""])


def _type(value: Mapping[str, Any]) -> str:
    if "$ref" in value:
        return str(value["$ref"]).rpartition("/")[2]
    if "const" in value or "enum" in value:
        return " | ".join(json.dumps(choice) for choice in value.get("enum", [value.get("const")]))
    if "anyOf" in value:
        return " | ".join(_type(choice) for choice in value["anyOf"])
    kind = value["type"]
    if isinstance(kind, list):
        return " | ".join(_PLAIN[one] for one in kind)
    if kind == "array":
        of = _type(value["items"])
        return f"[{', '.join([of] * value['minItems'])}]" if value.get("minItems") == value.get("maxItems", -1) else f"{of}[]"
    return f"Record<string, {_type(value['additionalProperties'])}>" if kind == "object" else _PLAIN[kind]
