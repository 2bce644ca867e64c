"""`ruminate assess`: one text in, one explained assessment out."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from ruminate.cli.shared import EXIT_OK, EXIT_UNREADABLE, Commands, wants_colour, write

__all__ = ["add"]


def add(commands: Commands) -> None:
    """Put the command into the parser."""
    parser = commands.add_parser("assess", help="assess one text")
    parser.add_argument("source", metavar="TEXT|FILE|-", help="a file, a text, or - for standard input")
    parser.add_argument("--json", action="store_true", help="print the whole assessment as JSON (see docs/schema.md)")
    parser.add_argument("--rules", action="store_true", help="let the rules decide, even if a trained model is there")
    parser.add_argument("--model", default="default", help="default, deep (needs the extra `deep`), auto, or a model folder")
    parser.add_argument("--agenda", action="store_true", help="also show what is worth bringing to supervision")
    parser.add_argument("--professional", action="store_true", help="ask questions written for helping professions")
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="colours; NO_COLOR is respected")
    parser.set_defaults(run=_assess)


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


def _assess(options: argparse.Namespace) -> int:
    from ruminate.analyzer import Analyzer
    from ruminate.guidance.agenda import supervision_agenda
    from ruminate.render import terminal

    text = _read_source(options.source)
    if text is None:
        return EXIT_UNREADABLE
    analyzer = Analyzer(None if options.rules else options.model, professional=options.professional)
    found = analyzer.assess(text)
    agenda = supervision_agenda(text) if options.agenda else ()
    if options.json:
        data = found.to_dict()
        if options.agenda:
            data["agenda"] = [item._asdict() for item in agenda]
        print(json.dumps(data, ensure_ascii=True, indent=2))
    else:
        write(terminal(text, found, colour=wants_colour(options.color), agenda=agenda))
    return EXIT_OK
