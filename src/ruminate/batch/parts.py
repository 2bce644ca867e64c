"""The folder of a run in progress. A part is there as a whole or not at all, so a kill at any moment loses at most the parts in hand.

In `results.csv.partial/`, `plan.json` says what is being done and to which inputs, and each part has a folder (`000000/`,
`000001/` …) with its tables and its counts, made elsewhere and moved there in one step.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ruminate.batch.writing import write_table
from ruminate.errors import InputError
from ruminate.frames.columns import Column

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Parts", "write_whole"]

_COUNTS: Final = "counts.json"


def write_whole(path: Path, content: str) -> None:
    """A small file that is there as a whole or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(content, encoding="utf-8")
    beside.replace(path)


class Parts:
    """The parts of a run, kept in a folder until they are joined."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def exists(self) -> bool:
        """Whether a run was begun here and not finished."""
        return self.folder.exists()

    def begin(self, plan: Mapping[str, Any]) -> None:
        """A folder for a new run; whatever was left of an older one goes."""
        self.clear()
        self.folder.mkdir(parents=True)
        write_whole(self.folder / "plan.json", json.dumps(plan, indent=1))

    def go_on(self, plan: Mapping[str, Any]) -> None:
        """Check that what was begun here is this very run, or begin it if the kill came before the plan was written.

        Raises
        ------
        InputError
            If inputs, settings or versions are others than they were; the message names what differs.
        """
        place = self.folder / "plan.json"
        if not place.is_file():
            self.begin(plan)
            return
        there = json.loads(place.read_text("utf-8"))
        different = [name for name in plan if there.get(name) != json.loads(json.dumps(plan[name]))]
        if different:
            raise InputError(f"{self.folder.name} holds a run with other {', '.join(different)}; go on with the same, or begin anew with --overwrite")
        for rest in self.folder.glob("new-*"):
            shutil.rmtree(rest)

    def clear(self) -> None:
        """Remove the folder, the plan last."""
        if self.folder.exists():
            for entry in self.folder.iterdir():
                if entry.is_dir():
                    shutil.rmtree(entry)
            shutil.rmtree(self.folder)

    def place(self, number: int) -> Path:
        """The folder of a part."""
        return self.folder / f"{number:06d}"

    def counts(self, number: int) -> dict[str, Any] | None:
        """What a finished part counted; None if it isn't there, or a file of it was cut short by a failing disk."""
        place = self.place(number)
        try:
            counts: dict[str, Any] = json.loads((place / _COUNTS).read_text("utf-8"))
            sizes = {name: (place / name).stat().st_size for name in counts["sizes"]}
        except (OSError, ValueError, KeyError):
            return None
        return counts if sizes == counts["sizes"] else None

    def commit(self, number: int, tables: Mapping[str, tuple[pd.DataFrame, Sequence[Column]]], counts: Mapping[str, Any]) -> None:
        """Write a part and put it in its place in one step."""
        new = self.folder / f"new-{number:06d}-{os.getpid()}"
        new.mkdir()
        for name, (frame, columns) in tables.items():
            write_table(frame, columns, new / name)
        sizes = {name: (new / name).stat().st_size for name in tables}
        (new / _COUNTS).write_text(json.dumps({**counts, "sizes": sizes}), encoding="utf-8")
        place = self.place(number)
        if place.exists():
            shutil.rmtree(place)  # only there if it was found damaged
        new.rename(place)
