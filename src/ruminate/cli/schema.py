"""`ruminate schema`: the form of an assessment as JSON, for programs in any language."""

from __future__ import annotations

import argparse
import json

from ruminate.cli.shared import EXIT_OK, Commands

__all__ = ["add"]


def add(commands: Commands) -> None:
    """Put the command into the parser."""
    parser = commands.add_parser("schema", help="print the JSON Schema of an assessment")
    parser.add_argument("--typescript", action="store_true", help="print TypeScript interfaces instead")
    parser.set_defaults(run=_schema)


def _schema(options: argparse.Namespace) -> int:
    from ruminate.schema import json_schema, typescript

    print(typescript() if options.typescript else json.dumps(json_schema(), indent=2), end="" if options.typescript else "\n")
    return EXIT_OK
