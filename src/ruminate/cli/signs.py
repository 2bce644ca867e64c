"""`ruminate signs`: the catalogue, for people."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from ruminate.cli.shared import EXIT_OK, EXIT_UNREADABLE, EXIT_USAGE, Commands, write

__all__ = ["add"]


def add(commands: Commands) -> None:
    """Put the command into the parser."""
    parser = commands.add_parser("signs", help="list the signs, show one, or check a folder of your own")
    parser.add_argument("id", nargs="?", help="id of a sign, or the word check")
    parser.add_argument("folder", nargs="?", metavar="FOLDER", help="with check: the folder of sign files")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=_signs)


def _check(options: argparse.Namespace) -> int:
    from ruminate.signs.checking import check_folder

    if options.folder is None:
        print("ruminate: signs check needs the folder of sign files", file=sys.stderr)
        return EXIT_USAGE
    count, problems = check_folder(options.folder)
    if options.json:
        print(json.dumps({"files": count, "problems": [asdict(problem) for problem in problems]}, indent=2))
    else:
        write("".join(f"{problem}\n" for problem in problems))
        write(f"{count} sign file{'s' if count != 1 else ''}, {len(problems) or 'no'} problem{'s' if len(problems) != 1 else ''}\n")
    return EXIT_UNREADABLE if problems else EXIT_OK


def _signs(options: argparse.Namespace) -> int:
    from ruminate.signs.catalogue import load_signs

    if options.id == "check":
        return _check(options)
    if options.folder is not None:
        print(f"ruminate: to check a folder, say: ruminate signs check {options.folder}", file=sys.stderr)
        return EXIT_USAGE
    signs = load_signs().signs
    if options.id is None:
        if options.json:
            print(json.dumps({sign.id: {"title": sign.title, "side": sign.side, "definition": sign.definition} for sign in signs.values()}, indent=2))
            return EXIT_OK
        for side in ("rumination", "reflection"):
            print(f"Signs of {side}")
            for sign in signs.values():
                if sign.side == side:
                    print(f"  {sign.id:<24}{sign.definition}")
        return EXIT_OK
    if options.id not in signs:
        print(f"ruminate: there is no sign {options.id!r}; `ruminate signs` lists them", file=sys.stderr)
        return EXIT_USAGE
    sign = signs[options.id]
    parts = {"title": sign.title, "side": sign.side, "definition": sign.definition, "why": sign.why, "sources": list(sign.sources),
             "cancelled when": list(sign.unless), "patterns": list(sign.patterns), "suggestive": list(sign.weak),
             "hits": list(sign.hits), "misses": list(sign.misses), "known failures": list(sign.known_failures)}  # fmt: skip
    if options.json:
        print(json.dumps({"id": sign.id, **parts}, indent=2))
        return EXIT_OK
    print(sign.id)
    for name, value in parts.items():
        if isinstance(value, str):
            write(f"  {name}: {value}\n")
        elif value:
            write(f"  {name}:\n" + "".join(f"    {entry}\n" for entry in value))
    return EXIT_OK
