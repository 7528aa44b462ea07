"""One step of the way from the words to a weight and on: what goes in, what comes out, and how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...network.config import KINDS
from ...run.arrays import Array
from ...run.trace import Trace
from .code import CodeRef


@dataclass(frozen=True)
class Cell:
    """One weight: how much `query` (row) of a head attends to `key` (column)."""

    kind: str
    layer: int
    head: int
    query: int
    key: int

    def check(self, trace: Trace) -> None:
        """Make sure that the trace has this cell.

        Raises:
            ValueError: what is out of range, and what is there.
        """
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of attention {self.kind!r}; use {', '.join(KINDS)}")
        sizes = {
            "layer": trace.n_layers(self.kind),
            "head": trace.heads(self.kind),
            "query": len(trace.queries(self.kind)),
            "key": len(trace.keys(self.kind)),
        }
        for name, n in sizes.items():
            value = getattr(self, name)
            if not isinstance(value, int) or not 0 <= value < n:
                raise ValueError(f"{name} {value!r} does not exist in {self.kind}: 0 to {n - 1}")


@dataclass(frozen=True, eq=False)
class Part:
    """A named array of a step.

    Args:
        name: the field's name for it, such as `q` or `W_Q`.
        values: a number, a vector or a matrix.
        axes: what its axes are called (`d_model`, `key`, ...), one each.
        role: "query", "key", "value", "score", "weight" (attention), "parameter" or "stream":
            the same role has the same colour in all steps.
        rows: names of the rows, where they are tokens, heads or parts.
        columns: the same for the last axis.
        at: the index on the last axis (or of a row) that belongs to the cell, if one does.
    """

    name: str
    values: Array
    axes: tuple[str, ...] = ()
    role: str = "stream"
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    at: int | None = None

    @property
    def shape(self) -> str:
        """`[key, d_head] = [7, 20]`, or `a number`."""
        if not self.axes:
            return "a number"
        sizes = ", ".join(str(n) for n in np.shape(self.values))
        return f"[{', '.join(self.axes)}] = [{sizes}]"


@dataclass(frozen=True, eq=False)
class Step:
    """One step: `operation(*inputs) == output`, to rounding.

    Args:
        name: which step it is, such as `q`, `dot` or `layer`.
        stage: the part of the way that it belongs to, one of `STAGES`.
        inputs, output: all that the step reads, and what it gives.
        operation: recomputes the output from the inputs' values, in their order.
        code: the lines of the model that carry it out.
        role: "query" or "key" where it is a step of one of the two tokens.
        layer: of the step, where it is a whole layer.
    """

    name: str
    stage: str
    inputs: tuple[Part, ...]
    output: Part
    operation: Callable[..., Array]
    code: tuple[CodeRef, ...]
    role: str = ""
    layer: int | None = None

    @property
    def key(self) -> str:
        """Name, role and layer in one: unique in a walk."""
        layer = "" if self.layer is None else str(self.layer)
        return "-".join(part for part in (self.role, self.name, layer) if part)

    def find(self, name: str) -> Part | None:
        """The input of that name, where the step has it."""
        return next((part for part in self.inputs if part.name == name), None)


ZERO = np.zeros((), np.float32)
"""What stands for a part that a model does not have."""


def recompute(step: Step) -> Array:
    """The output of a step, from nothing but the inputs that are shown."""
    return step.operation(*(part.values for part in step.inputs))


def number(value: Any) -> Array:
    """A number (or an array, as it is) as float32 array."""
    return np.asarray(value, np.float32)


def affine(x: Array, weight: Array, bias: Array) -> Array:
    """X · W + b."""
    return x @ weight + bias


def linear(
    name: str,
    stage: str,
    x: Part,
    weight: tuple[str, Array],
    bias: tuple[str, Array],
    output: Part,
    *code: CodeRef,
    role: str = "",
) -> Step:
    """The step x · W + b; `weight` and `bias` are named arrays."""
    w = Part(*weight, (*x.axes, *output.axes), "parameter")
    b = Part(*bias, output.axes, "parameter")
    return Step(name, stage, (x, w, b), output, affine, code, role)


def plus(*parts: Array) -> Array:
    """The sum of all parts."""
    return number(np.sum(parts, axis=0, dtype=np.float32))
