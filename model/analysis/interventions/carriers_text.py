"""What `carriers` found, in Markdown. Means are over the pairs, ± the standard error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ...run.arrays import Array
from ...run.edits import Head
from ...run.runner import Model
from .metrics import METRICS
from .patching import head_of

if TYPE_CHECKING:
    from .carriers import Survey


def measured(model: Model, found: Survey, n: int, metric: str) -> str:
    """Which weights, which pairs, and by what."""
    one = found.compared[0]
    tokens = Counter(
        tuple(
            f"“{model.tokenizer.piece(token).lstrip('▁')}”"
            for token in (c.metric.token, c.metric.against)
            if token is not None
        )
        for c in found.compared
    )
    said = ", ".join(f"{' against '.join(pair)} in {times}" for pair, times in tokens.most_common())
    return (
        f"*Measured.* `{model.slug}`, weights `{model.digest}`: the outputs of "
        f"{len(found.compared)} of {n} pairs of sentences part, such as “{one.into.source_text}” → "
        f"“{one.into.output_text}” and “{one.source.source_text}” → “{one.source.output_text}”. "
        f"In the row where they first part, by the {METRICS[metric]}: {said}."
    )


def mapped(found: Survey, weights: Array, top: int) -> str:
    """The heads with the largest shares, and how much they attend to the words that differ."""
    rows = ["| head | share | attention to the words that differ |", "|---|--:|--:|"]
    for i in np.argsort(-found.shares.mean(0), kind="stable")[:top]:
        seen = "" if np.isnan(weights[i]) else f"{weights[i]:.3f}"
        rows.append(f"| {name(head_of(found.cells[i]))} | {spread(found.shares[:, i])} | {seen} |")
    cross = [i for i, cell in enumerate(found.cells) if cell.where == "cross"]
    by_weight = sorted(cross, key=lambda i: -weights[i])
    ranks = [
        f"{name(head)} is number {1 + by_weight.index(_place(found, head))}"
        for head in found.best(3, "cross")
    ]
    return (
        "*Map.* One head at a time gets its `z` from the second sentence.\n\n"
        + "\n".join(rows)
        + f"\n\nAmong the {len(cross)} cross heads by that attention alone, {', '.join(ranks)}."
    )


def patched(found: Survey, best: Sequence[Head], shares: Array, drawn: Sequence[float]) -> str:
    """The best cross heads at once, beside random ones, and beside their sum one by one."""
    alone = sum(float(found.shares[:, _place(found, head)].mean()) for head in best)
    return (
        f"*Patch.* {', '.join(map(name, best))} patched together bring over **{spread(shares)}** "
        f"of the difference (one by one they add up to {alone:.3f}); {len(drawn)} sets of "
        f"{len(best)} other cross heads drawn at random {np.mean(drawn):.3f} on average, at most "
        f"{max(drawn):.3f}."
    )


def cut(rows: Mapping[str, tuple[Array, Array]], drawn: Sequence[float], n: int) -> str:
    """What is left of the difference when both sentences are cut alike, and how many turn."""
    table = ["| what is cut | difference left | turned to the first token |", "|---|--:|--:|"]
    table += [
        f"| {what} | {spread(left)} | {int(turned.sum())} of {len(turned)} |"
        for what, (left, turned) in rows.items()
    ]
    table.append(
        f"| {len(drawn)} sets of {n} other cross heads from the words | {np.mean(drawn):.3f} "
        f"({min(drawn):.3f} to {max(drawn):.3f}) | |"
    )
    return (
        "*Cut.* The words that differ may no longer be looked at, in either sentence.\n\n"
        + "\n".join(table)
    )


def spread(values: Array) -> str:
    """`0.187 ± 0.004`; of one value no error."""
    mean = float(values.mean()) + 0.0
    error = f" ± {values.std(ddof=1) / len(values) ** 0.5:.3f}" if len(values) > 1 else ""
    return f"{mean:.3f}{error}".replace("-0.000", "0.000")


def name(head: Head) -> str:
    """`cross L2 H6`."""
    return f"{head[0].replace('_', ' ')} L{head[1]} H{head[2]}"


def _place(found: Survey, head: Head) -> int:
    return next(i for i, cell in enumerate(found.cells) if head_of(cell) == head)
