"""Measured parts of a benchmark, kept in `build/`, so that one that was stopped goes on there."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

TABLE, ANEW = "table", "anew"
"""Parts of every such benchmark: print what there is, and forget it."""


class Kept:
    """The parts of one benchmark that are measured, by their names."""

    def __init__(self, name: str) -> None:
        self.file = Path("build") / f"{name}.json"

    def all(self) -> dict[str, Any]:
        """What there is."""
        if not self.file.is_file():
            return {}
        found: dict[str, Any] = json.loads(self.file.read_text(encoding="utf-8"))
        return found

    def run(
        self, parts: Mapping[str, Callable[[], Any]], part: str | None, show: Callable[[], None]
    ) -> None:
        """Measure a part, or all that are not measured yet, and `show` what there is.

        One that raises RuntimeError has measured nothing: it is told of, and not kept.
        """
        if part is not None and part not in (*parts, TABLE, ANEW):
            print(f"Its parts: {', '.join((*parts, TABLE, ANEW))}")
            return
        if part == ANEW:
            self.file.unlink(missing_ok=True)
            return
        if part is None:
            todo = [one for one in parts if one not in self.all()]
        else:
            todo = [] if part == TABLE else [part]
        for i, name in enumerate(todo):
            print(f"  {i + 1} of {len(todo)}: {name} …", flush=True)
            try:
                self.keep(name, parts[name]())
            except RuntimeError as error:
                print(f"    measured nothing: {error}", flush=True)
        show()

    def keep(self, name: str, found: Any) -> None:
        """A part's result; a long part keeps what it has so far, and goes on."""
        self.file.parent.mkdir(exist_ok=True)
        self.file.write_text(json.dumps(self.all() | {name: found}, indent=1), "utf-8")
