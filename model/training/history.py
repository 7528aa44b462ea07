"""One sentence at several steps of a training: what the model wrote, and every head's pattern.

The target is given (teacher forcing), so that the pictures of all steps have the same rows.

Letters in shapes: N steps, L layers, H heads, Q query positions, K key positions, T target tokens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..analysis.alignment.links import Alignment
from ..analysis.heads.metrics.alignment_error import AER, AER_SHIFTED
from ..network.config import KINDS
from ..run.arrays import Array
from ..run.runner import Model
from ..run.sources import AnySource
from ..run.tokens import Sides, Tokens
from ..run.trace import Trace

FULL = int(np.iinfo(np.uint16).max)
"""The stored value of a weight of 1, on the page as well: an error of at most 1e-5."""

ROWS = {"writes": AER, "reads": AER_SHIFTED}
"""Which row stands for a target word in the alignment error: the one that writes or reads it."""

Align = Callable[[Trace], Alignment | None]
"""The true alignment on a trace's tokens; None where it is not known."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The sentence at one step.

    Shapes: `patterns` by kind, uint16 [L, H, Q, K], `FULL` being 1; `log_probs` float32 [T], of the
    target's tokens; `aer` by row, float32 [L, H], the alignment error of each cross-attention head,
    NaN where the true alignment is not known.
    """

    step: int
    output: str
    patterns: Mapping[str, Array]
    log_probs: Array
    aer: Mapping[str, Array]


@dataclass(frozen=True, eq=False)
class TrainingHistory(Sides):
    """The sentence at all steps; the arrays of `Snapshot` behind a first axis [N].

    `masks` by kind, bool [Q, K]. `alignment` is the true one; None where it is not known.
    """

    source: str
    target: str
    src: Tokens
    tgt_in: Tokens
    tgt_out: Tokens
    alignment: Alignment | None
    masks: Mapping[str, Array]
    steps: tuple[int, ...]
    outputs: tuple[str, ...]
    patterns: Mapping[str, Array]
    log_probs: Array
    aer: Mapping[str, Array]

    @property
    def n_links(self) -> int:
        """|A| + |S| of the alignment error: a link for each target word, and the sure ones."""
        known = self.alignment
        return 0 if known is None else len(known.targets) + len(known.sure)

    @property
    def loss(self) -> Array:
        """[N]: nats a token of the given target."""
        return -self.log_probs.mean(-1)

    def pattern(self, i: int, kind: str, layer: int, head: int) -> Array:
        """[Q, K] float32: a head's attention weights in frame `i`."""
        return self.patterns[kind][i, layer, head] / np.float32(FULL)


def take_snapshot(
    model: Model, step: int, source: AnySource, target: str | Sequence[int], align: Align
) -> tuple[Snapshot, Trace]:
    """A frame of the model as it is now, and the trace that it was taken from."""
    trace = model.teacher_force(source, target)
    alignment = align(trace)
    frame = Snapshot(
        step=step,
        output=model.translate([source])[0],
        patterns={
            kind: np.rint(np.stack([r.pattern for r in trace.attention[kind]]) * FULL).astype("<u2")
            for kind in KINDS
        },
        log_probs=trace.chosen_log_probs,
        aer={
            row: measure.sums(trace, "cross", alignment).value.astype(np.float32)
            for row, measure in ROWS.items()
        },
    )
    return frame, trace


def assemble(
    trace: Trace, alignment: Alignment | None, frames: Sequence[Snapshot]
) -> TrainingHistory:
    """Frames of one sentence in a row; `trace` is of any of them, for tokens and masks."""
    return TrainingHistory(
        source=trace.source_text,
        target=trace.output_text,
        src=trace.src,
        tgt_in=trace.tgt_in,
        tgt_out=trace.tgt_out,
        alignment=alignment,
        masks={kind: trace.attention[kind][0].mask for kind in KINDS},
        **joined(frames),
    )


def before(history: TrainingHistory, step: int) -> TrainingHistory:
    """The frames of earlier steps."""
    n = sum(one < step for one in history.steps)
    return replace(
        history,
        steps=history.steps[:n],
        outputs=history.outputs[:n],
        patterns={kind: history.patterns[kind][:n] for kind in KINDS},
        log_probs=history.log_probs[:n],
        aer={row: history.aer[row][:n] for row in ROWS},
    )


def concat(histories: Sequence[TrainingHistory]) -> TrainingHistory:
    """Histories of one sentence as one, in the order given."""
    return replace(
        histories[0],
        steps=tuple(step for history in histories for step in history.steps),
        outputs=tuple(output for history in histories for output in history.outputs),
        patterns={kind: np.concatenate([f.patterns[kind] for f in histories]) for kind in KINDS},
        log_probs=np.concatenate([history.log_probs for history in histories]),
        aer={row: np.concatenate([history.aer[row] for history in histories]) for row in ROWS},
    )


def joined(frames: Sequence[Snapshot]) -> dict[str, Any]:
    """The fields of a `TrainingHistory` that grow from frame to frame."""
    return {
        "steps": tuple(frame.step for frame in frames),
        "outputs": tuple(frame.output for frame in frames),
        "patterns": {kind: np.stack([f.patterns[kind] for f in frames]) for kind in KINDS},
        "log_probs": np.stack([frame.log_probs for frame in frames]),
        "aer": {row: np.stack([frame.aer[row] for frame in frames]) for row in ROWS},
    }


def clearest(errors: Mapping[str, Array]) -> str | None:
    """The rows in which the best head is best aligned at the end; None where that is unknown.

    Args:
        errors: by row, [N, L, H].
    """
    known = [row for row in ROWS if np.isfinite(errors[row]).all()]
    return min(known, key=lambda row: errors[row][-1].min(), default=None)


def always(alignment: Alignment | None) -> Align:
    """An alignment that is known beforehand."""
    return lambda trace: alignment
