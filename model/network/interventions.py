"""Where edits act on the tensors of a pass. Each function gives back what it was given when no edit
concerns it, so that a pass without edits computes the same to the bit.

Letters in shapes: B batch, Q query positions, K key positions, H heads, D d_model, E d_head.
`start` is the position of the first query or row, for decoding with a cache.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from ..run.edits import AnyEdits, Change, Edits

NO_EDITS = Edits()
ALL = slice(None)


def open_edges(
    mask: Tensor | None,
    edits: AnyEdits,
    kind: str,
    layer: int,
    shape: tuple[int, int, int, int],
    start: int = 0,
) -> Tensor | None:
    """The mask of a block without the edges that were cut; the same object where none was.

    Args:
        mask: bool, broadcast to `shape` [B, H, Q, K]; True = may attend; None = all may.
    """
    cuts = [(row, one) for row, each in _rows(edits) for one in each.at("cut", kind, layer)]
    if not cuts:
        return mask
    kept = torch.ones(shape, dtype=torch.bool) if mask is None else mask.expand(shape).clone()
    for row, cut in cuts:
        kept[row, _span(cut.head), _span(cut.position, start), _span(cut.key)] = False
    return kept


def reweighed(
    z: Tensor,
    pattern: Tensor,
    v: Tensor,
    mask: Tensor | None,
    edits: AnyEdits,
    kind: str,
    layer: int,
    start: int = 0,
) -> tuple[Tensor, Tensor]:
    """`z` [B, H, Q, E] and `pattern` [B, H, Q, K] of a block after the edits of its heads.

    Args:
        v: [B, H, K, E].
        mask: as in the softmax; a row in which nothing is open gets weights of 0 and a z of 0.
    """
    if mask is not None and any(each.at("cut", kind, layer) for _, each in _rows(edits)):
        nothing = ~mask.any(-1, keepdim=True)
        pattern, z = pattern.masked_fill(nothing, 0.0), z.masked_fill(nothing, 0.0)
    rewritten = _rewritten(pattern, mask, edits, kind, layer, start)
    if rewritten is not pattern:
        pattern, z = rewritten, rewritten @ v
    return _replaced(z, edits, kind, layer, start), pattern


def _rewritten(
    pattern: Tensor, mask: Tensor | None, edits: AnyEdits, kind: str, layer: int, start: int
) -> Tensor:
    """The pattern with heads made uniform and rows set by hand."""
    given = pattern
    for row, each in _rows(edits):
        uniform, by_hand = each.heads("uniform", kind, layer), each.at("set", kind, layer)
        if (uniform or by_hand) and pattern is given:
            pattern = given.clone()
        if uniform:
            allowed = torch.ones_like(given) if mask is None else mask.expand_as(given).float()
            even = allowed / allowed.sum(-1, keepdim=True).clamp(min=1.0)
            for head in uniform:
                pattern[row, head] = even[row, head]
        for one in by_hand:
            at, weights = (row, _span(one.head), _span(one.position, start)), _tensor(one)
            n = min(len(weights), pattern.size(-1))  # fewer columns: the row is not there yet
            pattern[at] = 0.0
            pattern[*at, :n] = weights[:n]
    return pattern


def _replaced(z: Tensor, edits: AnyEdits, kind: str, layer: int, start: int) -> Tensor:
    """`z` with heads ablated or patched."""
    given = z
    for row, each in _rows(edits):
        ablated, patches = each.heads("ablate", kind, layer), each.at("z", kind, layer)
        if (ablated or patches) and z is given:
            z = given.clone()
        means = dict(each.means) if ablated else {}
        for head in ablated:
            mean = means.get((kind, layer, head))
            z[row, head] = 0.0 if mean is None else torch.tensor(mean, dtype=z.dtype)
        for one in patches:
            z[row, _span(one.head), _span(one.position, start)] = _tensor(one)
    return z


def patched(
    x: Tensor, edits: AnyEdits, name: str, where: str, layer: int, start: int = 0
) -> Tensor:
    """A quantity [B, pos, D] with the rows that edits put in from elsewhere.

    Args:
        name, where, layer: such as "out", "cross", 1, or "resid_mid", "decoder", 0.
    """
    given = x
    for row, each in _rows(edits):
        for one in each.at(name, where, layer):
            x = given.clone() if x is given else x
            x[row, _span(one.position, start)] = _tensor(one)
    return x


def entered(x: Tensor, edits: AnyEdits, stack: str, layer: int, start: int = 0) -> Tensor:
    """The stream [B, pos, D] that a layer reads: with directions added, then patched.

    The layer behind the last one is the way out of the stack.
    """
    given = x
    for row, each in _rows(edits):
        for one in each.at("steer", stack, layer):
            x = given.clone() if x is given else x
            x[row, _span(one.position, start)] += _tensor(one)
    return patched(x, edits, "resid_pre", stack, layer, start)


def _rows(edits: AnyEdits) -> Iterator[tuple[slice, Edits]]:
    """The rows of the batch, and the edits that act on them."""
    if isinstance(edits, Edits):
        if edits:
            yield ALL, edits
    else:
        for i, one in enumerate(edits.rows):
            yield slice(i, i + 1), one


def _tensor(change: Change) -> Tensor:
    return torch.from_numpy(change.values)


def _span(position: int | None, start: int = 0) -> slice:
    """One position, or all; empty where it comes before `start`."""
    if position is None:
        return ALL
    first = position - start
    return slice(first, first + 1) if first >= 0 else slice(0, 0)
