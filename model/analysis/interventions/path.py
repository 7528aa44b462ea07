"""Path patching: what one head says to another, and to nobody else (Wang et al. 2022, section 3.1).

The sender's z comes from the other run while every other head keeps its own, so that only the
direct way is open (feed-forward blocks lie on it, unless they are held as well). What a receiver
would then write is put into an otherwise unchanged run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch

from ...network.attention import attention
from ...network.config import KINDS
from ...run.arrays import Array
from ...run.edits import Edits, Head
from ...run.pace import breathe
from ...run.records import AttentionRecord
from ...run.runner import Model
from .comparison import Comparison, Paired, ends
from .patching import Cell, PatchingMap, cells_at_once, measured, taken
from .same_tokens import same_tokens

INPUTS = ("q", "k", "v")


def downstream(model: Model, sender: Head) -> tuple[Head, ...]:
    """Every head that can hear a sender: those of later blocks, as the network runs them."""
    config = model.config
    order = [
        (kind, layer)
        for kinds, stack in ((("encoder_self",), "encoder"), (("decoder_self", "cross"), "decoder"))
        for layer in range(config.n_layers(f"{stack}_self"))
        for kind in kinds
    ]
    later = order[order.index(sender[:2]) + 1 :]
    if sender[0] == "encoder_self":  # the decoder hears the encoder through cross-attention only
        first = later.index(("cross", 0)) if ("cross", 0) in later else len(later)
        later = [one for i, one in enumerate(later) if one[0] == "encoder_self" or i >= first]
        later = [one for one in later if one[0] != "decoder_self"]
    return tuple((*block, head) for block in later for head in range(config.heads(block[0])))


def path_map(
    model: Model,
    compared: Comparison,
    sender: Head,
    receivers: Sequence[Head] | None = None,
    *,
    inputs: Sequence[str] = INPUTS,
    hold_mlps: bool = False,
) -> Iterator[PatchingMap]:
    """The share of each path from the sender to one receiver, a batch of receivers at a time.

    Args:
        receivers: later heads; all of them by default.
        inputs: which of a receiver's q, k and v hear the sender.
        hold_mlps: keep the feed-forward blocks between as they are, too.

    Raises:
        ValueError: inputs that there are not, or a receiver that cannot hear the sender.
    """
    if not inputs or not set(inputs) <= set(INPUTS):
        raise ValueError(f"A head hears by q, k and v, not by {inputs!r}.")
    reachable = downstream(model, sender)
    chosen = reachable if receivers is None else tuple(receivers)
    for one in chosen:
        if one not in reachable:
            raise ValueError(f"Head {_name(one)} comes before, or beside, head {_name(sender)}.")
    heard = _heard(model, compared, sender, inputs, hold_mlps)
    cells = tuple(Cell("z", *one) for one in chosen)
    base, goal = ends(compared)
    values: list[float] = []
    at_once = cells_at_once(compared)
    for start in range(0, len(chosen), at_once):
        breathe()
        edits = [
            compared.into.edits | Edits(patch={("z", *one): heard[one]})
            for one in chosen[start : start + at_once]
        ]
        plain, *some = measured(model, compared, [compared.into.edits, *edits]).tolist()
        values += [base + value - plain for value in some]
        yield PatchingMap(cells, np.array(values), base, goal)


def path_edits(
    model: Model,
    both: Paired,
    sender: Head,
    receiver: Head,
    *,
    inputs: Sequence[str] = INPUTS,
    hold_mlps: bool = False,
) -> Edits:
    """What the receiver writes with one path open; arguments as for `path_map`."""
    z = _heard(model, both, sender, inputs, hold_mlps)[receiver]
    return Edits(patch={("z", *receiver): z})


def _heard(
    model: Model, both: Paired, sender: Head, inputs: Sequence[str], hold_mlps: bool
) -> dict[Head, Array]:
    """[pos, E] of every head: its z if the sender alone were as in the other run."""
    into = both.into
    held: dict[tuple[str | int, ...], Array] = {}
    for kind in KINDS:
        for layer, record in enumerate(into.attention[kind]):
            for head in range(len(record.z)):
                held |= {("z", kind, layer, head, i): z for i, z in enumerate(record.z[head])}
    if hold_mlps:
        for stack in (into.encoder, into.decoder):
            side = "encoder" if stack is into.encoder else "decoder"
            for layer, step in enumerate(stack.layers):
                held |= {("mlp_out", side, layer, i): row for i, row in enumerate(step.mlp_out)}
    cell = Cell("z", *sender)
    there = taken(both.source, cell)
    for here, other in both.pairs(sender[0]).items():
        held["z", *sender, here] = there[other]
    edits = into.edits | Edits(patch=held)
    trace = model.run(into.source, strategy=same_tokens(into), edits=edits)
    scale = model.config.attention_scale if into.edits.scale else 1.0
    return {
        (kind, layer, head): _z(before, after, head, inputs, scale)
        for kind in KINDS
        for layer, (before, after) in enumerate(
            zip(into.attention[kind], trace.attention[kind], strict=True)
        )
        for head in range(len(before.z))
    }


def _z(
    before: AttentionRecord,
    after: AttentionRecord,
    head: int,
    inputs: Sequence[str],
    scale: float | None,
) -> Array:
    """Attention of one head with some inputs as they came out, the others as they were."""
    q, k, v = (
        torch.tensor(getattr(after if name in inputs else before, name)[head]) for name in INPUTS
    )
    mask = before.mask if before.cut is None else before.mask & ~before.cut[head]
    times = q.size(-1) ** -0.5 if scale is None else scale
    bias = before.raw_scores[head] - before.q[head] @ before.k[head].T * times  # 0 but for T5
    z = attention(q, k, v, torch.tensor(mask), scale=times, bias=torch.tensor(bias)).z
    found: Array = z.nan_to_num(0.0).numpy()  # a row with nothing left
    return found


def _name(head: Head) -> str:
    return f"{head[0]} L{head[1]} H{head[2]}"
