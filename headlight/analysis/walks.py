"""One head followed number by number: every step to a weight and on, and its whole matrices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from headlight.model import AnySource, Model, Trace
from headlight.model.analysis import walk as _walk
from headlight.model.analysis.walk import Cell, Part, Place, Step
from headlight.model.analysis.walk.board import board
from headlight.model.network.config import KINDS
from headlight.model.run.arrays import Array

from .given import as_trace, check_head

At = tuple[str, int, int, int, int]
"""A cell: (kind, layer, head, query, key)."""


def walk(model: Model, run: AnySource | Trace, cell: At) -> Any:
    """Every step from two tokens to one attention weight, and on to the next token.

    Args:
        run: a source, or the trace of a run without edits.
        cell: (kind, layer, head, query, key).

    Returns:
        `pandas.DataFrame`: step (from 1), name, stage, title, formula and numbers (KaTeX), reads
        and gives (names of arrays), shape (of what it gives), value (the number that it gives, of
        a row over keys the cell's own; empty where it gives a vector). `walk_numbers` has them all.

    Raises:
        ValueError: a cell that there is not, or a run with edits.

    >>> import headlight
    >>> model = headlight.load("reverse")
    >>> steps = walk(model, "a b c", ("cross", 1, 0, 0, 2)).set_index("name")
    >>> trace = model.run("a b c")
    >>> bool(steps.value["weights"] == trace.attention["cross"][1].pattern[0, 0, 2])
    True
    """
    import pandas as pd

    from headlight.viz.explain import explain

    place, steps = _steps(model, run, cell)
    rows = []
    for number, step in enumerate(steps, start=1):
        said = explain(place, step)
        rows.append(
            {
                "step": number,
                "name": step.key,
                "stage": step.stage,
                "title": said.title,
                "formula": said.formula,
                "numbers": said.numbers,
                "reads": ", ".join(part.name for part in step.inputs),
                "gives": step.output.name,
                "shape": step.output.shape,
                "value": _own(step.output),
            }
        )
    return pd.DataFrame(rows)


def walk_numbers(model: Model, run: AnySource | Trace, cell: At, step: int | str) -> Any:
    """Every number of one step of a walk: of all that it reads, and of what it gives.

    Args:
        step: its number or its name, as `walk` has them.

    Returns:
        `pandas.DataFrame`: part, is_output, row and column (places; a vector has columns only, a
        number neither), row_name and column_name (tokens or heads, where they have names), value.

    Raises:
        ValueError: as in `walk`, or a step that there is not.

    >>> import headlight
    >>> found = walk_numbers(headlight.load("reverse"), "a b c", ("cross", 1, 0, 0, 2), "weights")
    >>> given = found[found.is_output]
    >>> given.column_name.tolist(), round(float(given.value.sum()), 3)
    (['a', 'b', 'c', '<eos>'], 1.0)
    """
    one = _step(model, run, cell, step)
    return _numbers([*((part, False) for part in one.inputs), (one.output, True)])


def walk_map(model: Model, run: AnySource | Trace, cell: At, step: int | str) -> Any:
    """The arrays of one step of a walk as a plotly figure, what it gives last.

    Raises:
        ValueError: as in `walk_numbers`.

    >>> import headlight
    >>> figure = walk_map(headlight.load("reverse"), "a b c", ("cross", 1, 0, 0, 2), "weights")
    >>> [one.name for one in figure.data], figure.data[-1].z.shape
    (['e', 'Σe', 'pattern'], (1, 4))
    """
    from headlight.viz.figures.parts import parts_maps

    one = _step(model, run, cell, step)
    return parts_maps([*one.inputs, one.output], cell[0])


def matrices(model: Model, run: AnySource | Trace, head: tuple[str, int, int]) -> Any:
    """All of one head's computation: Q, Kᵀ, QKᵀ, scores, masked scores, weights, V and Z.

    Args:
        head: (kind, layer, head).

    Returns:
        `pandas.DataFrame` as of `walk_numbers`, without `is_output`.

    Raises:
        ValueError: a head that there is not, or a trace of another model.

    >>> import headlight
    >>> found = matrices(headlight.load("reverse"), "a b c", ("cross", 1, 0))
    >>> found.part.unique().tolist()
    ['Q', 'Kᵀ', 'QKᵀ', '÷ √d_head', 'masked', 'weights', 'V', 'Z']
    """
    parts = _board(model, run, head)
    return _numbers([(part, False) for part in parts]).drop(columns="is_output")


def matrices_map(model: Model, run: AnySource | Trace, head: tuple[str, int, int]) -> Any:
    """`matrices` as a plotly figure, one below the other.

    >>> import headlight
    >>> figure = matrices_map(headlight.load("reverse"), "a b c", ("cross", 1, 0))
    >>> [figure.data[i].z.shape for i in (0, 1, 5)]
    [(4, 20), (20, 4), (4, 4)]
    """
    from headlight.viz.figures.parts import parts_maps

    return parts_maps(_board(model, run, head), head[0])


def _steps(model: Model, run: AnySource | Trace, cell: At) -> tuple[Place, Sequence[Step]]:
    if not isinstance(cell, tuple) or len(cell) != len(fields(Cell)):
        raise ValueError(f"A cell is (kind, layer, head, query, key), not {cell!r:.100}.")
    trace, one = as_trace(model, run), Cell(*cell)
    return Place(model, trace, one), _walk.walk(model, trace, one)


def _step(model: Model, run: AnySource | Trace, cell: At, step: int | str) -> Step:
    """A step by its number or name.

    Raises:
        ValueError: there is none; says which there are.
    """
    _, steps = _steps(model, run, cell)
    known = {one.key: one for one in steps}
    if isinstance(step, str) and step in known:
        return known[step]
    if isinstance(step, int) and not isinstance(step, bool) and 1 <= step <= len(steps):
        return steps[step - 1]
    raise ValueError(f"There is no step {step!r}: 1 to {len(steps)}, or {', '.join(known)}.")


def _board(model: Model, run: AnySource | Trace, head: tuple[str, int, int]) -> list[Part]:
    from headlight.viz.labels import row_names, scaling, token_names

    trace = as_trace(model, run)
    check_head(head, {name: (trace.n_layers(name), trace.heads(name)) for name in KINDS})
    kind, layer, number = head
    rows, columns = tuple(row_names(trace, kind)), tuple(token_names(trace.keys(kind)))
    scaled = scaling(trace.attention[kind][layer])
    return list(board(trace, kind, layer, number, rows, columns, scaled).values())


def _own(part: Part) -> float:
    """The number itself; of a named row the cell's own; NaN where there is no such one."""
    values = np.asarray(part.values, float)
    if values.ndim == 1 and part.at is not None:
        return float(values[part.at])
    return float(values) if values.ndim == 0 else float("nan")


def _named(names: Sequence[str], places: Array) -> Any:
    return np.array(names, object)[places] if names else ""


def _numbers(parts: Sequence[tuple[Part, bool]]) -> Any:
    import pandas as pd

    frames = []
    for part, is_output in parts:
        values = np.asarray(part.values, np.float32)
        row, column = np.indices(np.atleast_2d(values).shape)
        frame = pd.DataFrame(
            {
                "part": part.name,
                "is_output": is_output,
                "row": row.ravel(),
                "column": column.ravel(),
                "row_name": _named(part.rows, row.ravel()),
                "column_name": _named(part.columns, column.ravel()),
                "value": values.ravel(),
            }
        ).astype({"row": "Int64", "column": "Int64"})
        for axis, least in (("row", 2), ("column", 1)):
            if values.ndim < least:
                frame[axis] = pd.array([pd.NA] * len(frame), "Int64")
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)
