"""The source lines behind a step, read from the code that is running."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ...paths import HOME


@dataclass(frozen=True)
class Lines:
    """Source lines: `file` relative to the project, the first line's number, the text."""

    file: str
    first: int
    text: str
    function: str

    @property
    def place(self) -> str:
        """`model/network/attention.py, line 41, in attention`."""
        return f"{self.file}, line {self.first}, in {self.function}"


@dataclass(frozen=True)
class CodeRef:
    """The one statement of `function` whose source begins with `marker`."""

    function: Callable[..., Any]
    marker: str

    def read(self) -> Lines:
        """The statement as it stands in the file.

        Raises:
            LookupError: no statement, or more than one, begins with the marker.
        """
        return _read(self)


@cache
def _read(ref: CodeRef) -> Lines:
    source, first = inspect.getsourcelines(ref.function)
    text = "".join(source)
    tree = ast.parse(textwrap.dedent(text))
    dedented = textwrap.dedent(text).splitlines()
    found = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt)
        and dedented[node.lineno - 1][node.col_offset :].startswith(ref.marker)
    ]
    name = ref.function.__qualname__
    if len(found) != 1:
        raise LookupError(f"{len(found)} statements of {name} begin with {ref.marker!r}")
    start, end = found[0].lineno, found[0].end_lineno or found[0].lineno
    file = Path(inspect.getsourcefile(ref.function) or "").resolve()
    return Lines(
        file=file.relative_to(HOME).as_posix(),
        first=first + start - 1,
        text=textwrap.dedent("".join(source[start - 1 : end])).rstrip("\n"),
        function=name,
    )
