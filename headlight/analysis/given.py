"""What is given to the functions here, checked: errors are sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from headlight.model import AnySource, Model, Picture, Sound, Trace
from headlight.model.decoding.options import is_whole


def as_trace(model: Model, run: AnySource | Trace) -> Trace:
    """The trace of a source, which is run, or the one that was given.

    Raises:
        ValueError: neither a source nor a trace of this model.
    """
    if isinstance(run, Trace):
        model.check_trace(run)
        return run
    if not isinstance(run, str | Picture | Sound):
        raise ValueError(f"A text, a picture, a sound or a Trace is taken, not {run!r}.")
    return model.run(run)


def check_step(trace: Trace, step: int) -> None:
    """Make sure that a run has this step.

    Raises:
        ValueError: it does not; says which there are.
    """
    last = len(trace.tgt_out) - 1
    if not is_whole(step) or not 0 <= step <= last:
        raise ValueError(f"step {step} does not exist: 0 to {last}")


def check_head(head: tuple[str, int, int], sizes: Mapping[str, Sequence[int]]) -> None:
    """Make sure that there is a head (kind, layer, head).

    Args:
        sizes: by kind the number of layers, and of heads in each.

    Raises:
        ValueError: there is not; says which there are.
    """
    if not isinstance(head, tuple) or len(head) != 3:
        raise ValueError(f"A head is (kind, layer, head), not {head!r:.100}.")
    kind, *place = head
    if kind not in sizes:
        raise ValueError(f"There is no attention {kind!r}. There are: {', '.join(sizes)}.")
    for name, value, n in zip(("layer", "head"), place, sizes[kind], strict=True):
        if not is_whole(value) or not 0 <= value < n:
            raise ValueError(f"{name} {value!r} does not exist in {kind}: 0 to {n - 1}")


def check_count(name: str, value: int, least: int = 1, most: int | None = None) -> None:
    """Make sure that a number of things is one.

    Raises:
        ValueError: no whole number in this range.
    """
    if not is_whole(value) or value < least or (most is not None and value > most):
        allowed = f"of at least {least}" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name} must be a whole number {allowed}, not {value!r}.")
