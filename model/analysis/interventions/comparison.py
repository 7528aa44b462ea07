"""Two runs side by side: what answers to what, and the row at which they are compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from ...run.runner import Model
from ...run.trace import Trace
from .aligned import BY_POSITION, Pairs, pairs
from .metrics import LOGIT, Metric

SMALLEST = 1e-3
"""Two runs that differ by less than this in the metric leave nothing to share out."""


@dataclass(frozen=True, eq=False)
class Paired:
    """Two runs, and what answers to what.

    Args:
        into: the run that is patched.
        source: the run that values come from.
        src_pairs, tgt_pairs: positions of `into` → positions of `source`, in source and target.
    """

    into: Trace
    source: Trace
    src_pairs: Pairs
    tgt_pairs: Pairs

    def pairs(self, where: str) -> Pairs:
        """For the stack, or for the queries of a kind of attention."""
        return self.src_pairs if where.startswith("encoder") else self.tgt_pairs


@dataclass(frozen=True, eq=False)
class Comparison(Paired):
    """Two runs at the row at which they are compared.

    Args:
        row: the decoder row of `into` whose next token is looked at.
        metric: how.
    """

    row: int
    metric: Metric


def paired(
    into: Trace,
    source: Trace,
    align: str | Mapping[int, int] = BY_POSITION,
    align_target: str | Mapping[int, int] = BY_POSITION,
) -> Paired:
    """Two runs set side by side, without a row at which they are compared.

    Raises:
        ValueError: positions that cannot be paired like this.
    """
    return Paired(
        into,
        source,
        pairs(into.src, source.src, align),
        pairs(into.tgt_in, source.tgt_in, align_target),
    )


def compare(
    model: Model,
    into: Trace,
    source: Trace,
    row: int,
    *,
    metric: str = LOGIT,
    token: int | None = None,
    against: int | None = None,
    align: str | Mapping[int, int] = BY_POSITION,
    align_target: str | Mapping[int, int] = BY_POSITION,
) -> Comparison:
    """Two runs set side by side.

    Args:
        row: of `into`; `source` is read at the row paired with it.
        metric: a name in `METRICS`.
        token: what is looked at; what `source` finds most probable there by default.
        against: the other token; what `into` finds most probable by default.
        align, align_target: "position", "word", or pairs by hand (`into` → `source`).

    Raises:
        ValueError: runs of another model, a row that is not there or not paired, or two runs that
            do not differ there.
    """
    for trace in (into, source):
        model.check_trace(trace)
    if not 0 <= row < len(into.tgt_out):
        raise ValueError(f"row {row} does not exist: 0 to {len(into.tgt_out) - 1}")
    both = paired(into, source, align, align_target)
    if row not in both.tgt_pairs:
        raise ValueError(f"Row {row} answers to no row of the other run; pair it by hand.")
    there = both.tgt_pairs[row]
    token = int(source.logits[there].argmax()) if token is None else token
    against = int(into.logits[row].argmax()) if against is None else against
    if metric == LOGIT and token == against:
        raise ValueError(
            "Both runs find the same token most probable in this row, so their logits cannot be "
            "set against each other: choose another row, or a second token."
        )
    found = Comparison(
        into, source, both.src_pairs, both.tgt_pairs, row, Metric(metric, token, against)
    )
    base, goal = ends(found)
    if abs(goal - base) < SMALLEST:
        raise ValueError(
            f"The two runs differ by {abs(goal - base):.1e} in this row: there is nothing that a "
            "patch could bring over. Choose another row, another token or another source."
        )
    return found


def opposite(model: Model, compared: Comparison) -> Comparison:
    """The same the other way round: the second run is patched with the first.

    Raises:
        ValueError: as `compare`.
    """
    return compare(
        model,
        compared.source,
        compared.into,
        compared.tgt_pairs[compared.row],
        metric=compared.metric.name,
        token=compared.metric.against,
        against=compared.metric.token,
        align={there: here for here, there in compared.src_pairs.items()},
        align_target={there: here for here, there in compared.tgt_pairs.items()},
    )


def ends(compared: Comparison) -> tuple[float, float]:
    """The metric of the run without a patch, and of the run that values come from."""
    there = reference(compared)
    both = torch.stack([torch.tensor(compared.into.logits[compared.row]), there])
    base, goal = compared.metric.of(both, there).tolist()
    return base, goal


def reference(compared: Comparison) -> Tensor:
    """[d_vocab]: the logits of the run that values come from, in the row that is paired."""
    return torch.tensor(compared.source.logits[compared.tgt_pairs[compared.row]])
