"""The command line: parsing and printing only; each command is the twin of a Python call."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ruminate import __version__
from ruminate.errors import RuminateError

__all__ = ["main"]

_EXIT_OK: Final = 0
_EXIT_UNREADABLE: Final = 1
_EXIT_USAGE: Final = 2

_EPILOG = """examples:
  ruminate assess "I keep going over what I said to her."
  ruminate assess entry.txt --json
  cat note.txt | ruminate assess - --agenda
  ruminate signs self_blame

exit codes: 0 done; 1 the input can't be read; 2 the command is not understood.
A label is about one text. It is no diagnosis and says nothing about a person."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except RuminateError as error:
        print(f"ruminate: {error}", file=sys.stderr)
        return _EXIT_UNREADABLE
    except BrokenPipeError:  # the reader of our output has gone, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _EXIT_OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ruminate", description="Tells reflection from rumination in what people write about themselves.", epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--version", action="version", version=f"ruminate-nlp {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    assess = commands.add_parser("assess", help="assess one text")
    assess.add_argument("source", metavar="TEXT|FILE|-", help="a file, a text, or - for standard input")
    assess.add_argument("--json", action="store_true", help="print the whole assessment as JSON (see docs/schema.md)")
    assess.add_argument("--rules", action="store_true", help="let the rules decide, even if a trained model is there")
    assess.add_argument("--agenda", action="store_true", help="also show what is worth bringing to supervision")
    assess.add_argument("--professional", action="store_true", help="ask questions written for helping professions")
    assess.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="colours; NO_COLOR is respected")
    assess.set_defaults(run=_assess)

    signs = commands.add_parser("signs", help="list the signs, or show one")
    signs.add_argument("id", nargs="?", help="id of a sign")
    signs.add_argument("--json", action="store_true", help="print JSON")
    signs.set_defaults(run=_signs)
    return parser


def _read_source(source: str) -> str | None:
    """The text that is meant: standard input, a file if there is one of that name, else the argument itself."""
    if source == "-":
        raw = sys.stdin.buffer.read()
    else:
        path = Path(source)
        try:
            is_file = path.is_file()
        except (OSError, ValueError):  # too long for a name, or holds a NUL: it is a text
            is_file = False
        if not is_file:
            if " " not in source and path.suffix in (".txt", ".md"):
                print(f"ruminate: there is no file {source}; to assess these words as a text, pipe them in with -", file=sys.stderr)
                return None
            return source
        try:
            raw = path.read_bytes()
        except OSError as error:
            print(f"ruminate: {source} can't be read: {error.strerror}", file=sys.stderr)
            return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        print("ruminate: the input is not UTF-8; convert it first, for example with iconv -f WINDOWS-1252 -t UTF-8", file=sys.stderr)
        return None


def _wants_colour(choice: str) -> bool:
    if choice == "auto":
        return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return choice == "always"


def _assess(options: argparse.Namespace) -> int:
    from ruminate.analyzer import Analyzer
    from ruminate.guidance.agenda import supervision_agenda
    from ruminate.render import terminal

    text = _read_source(options.source)
    if text is None:
        return _EXIT_UNREADABLE
    analyzer = Analyzer(None if options.rules else "default", professional=options.professional)
    found = analyzer.assess(text)
    agenda = supervision_agenda(text) if options.agenda else ()
    if options.json:
        data = found.to_dict()
        if options.agenda:
            data["agenda"] = [item._asdict() for item in agenda]
        print(json.dumps(data, ensure_ascii=True, indent=2))
    else:
        _write(terminal(text, found, colour=_wants_colour(options.color), agenda=agenda))
    return _EXIT_OK


def _signs(options: argparse.Namespace) -> int:
    from ruminate.signs.catalogue import load_signs

    signs = load_signs().signs
    if options.id is None:
        if options.json:
            print(json.dumps({sign.id: {"title": sign.title, "side": sign.side, "definition": sign.definition} for sign in signs.values()}, indent=2))
            return _EXIT_OK
        for side in ("rumination", "reflection"):
            print(f"Signs of {side}")
            for sign in signs.values():
                if sign.side == side:
                    print(f"  {sign.id:<24}{sign.definition}")
        return _EXIT_OK
    if options.id not in signs:
        print(f"ruminate: there is no sign {options.id!r}; `ruminate signs` lists them", file=sys.stderr)
        return _EXIT_USAGE
    sign = signs[options.id]
    parts = {"title": sign.title, "side": sign.side, "definition": sign.definition, "why": sign.why, "sources": list(sign.sources),
             "cancelled when": list(sign.unless), "patterns": list(sign.patterns), "suggestive": list(sign.weak),
             "hits": list(sign.hits), "misses": list(sign.misses), "known failures": list(sign.known_failures)}  # fmt: skip
    if options.json:
        print(json.dumps({"id": sign.id, **parts}, indent=2))
        return _EXIT_OK
    print(sign.id)
    for name, value in parts.items():
        if isinstance(value, str):
            _write(f"  {name}: {value}\n")
        elif value:
            _write(f"  {name}:\n" + "".join(f"    {entry}\n" for entry in value))
    return _EXIT_OK


def _write(text: str) -> None:
    """Print also where the terminal can't show every character."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
