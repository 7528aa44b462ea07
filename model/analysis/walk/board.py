"""All matrices of one head, in the order in which they are computed."""

from __future__ import annotations

from ...run.arrays import Array
from ...run.trace import Trace
from .step import Part


def board(
    trace: Trace,
    kind: str,
    layer: int,
    head: int,
    rows: tuple[str, ...],
    columns: tuple[str, ...],
    scaled: str = "",
) -> dict[str, Part]:
    """Q, Kᵀ, QKᵀ, scores, masked, weights, V and Z, by their names in code.

    Args:
        rows, columns: what the queries and the keys are called.
        scaled: what makes a score of q·k, such as `÷ √d_head`; empty where nothing does.
    """
    record = trace.attention[kind][layer]
    q, k, v = record.q[head], record.k[head], record.v[head]

    def grid(name: str, values: Array, role: str = "score") -> Part:
        return Part(name, values, ("query", "key"), role, rows=rows, columns=columns)

    return {
        "q": Part("Q", q, ("query", "d_head"), "query", rows=rows),
        "k": Part("Kᵀ", k.T, ("d_head", "key"), "key", columns=columns),
        "scores": grid("QKᵀ", q @ k.T),
        "scaled": grid(scaled or "scores", record.raw_scores[head]),
        "masked": grid("masked", record.attn_scores[head]),
        "pattern": grid("weights", record.pattern[head], "weight"),
        "v": Part("V", v, ("key", "d_head"), "value", rows=columns),
        "z": Part("Z", record.z[head], ("query", "d_head"), "value", rows=rows),
    }
