"""The same interventions by forward hooks, written without the project's own code for edits.

The network's linear layers are what is hooked. An attention block is computed again from what its
`in_proj` was given, with plain loops over heads, rows and columns, and handed to its `out_proj`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from headlight.model import Edits, Model, Trace

NOTHING_LEFT = 0.0


def log_probs(model: Model, trace: Trace, edits: Edits) -> Tensor:
    """[T, V]: one pass over the source and target of a run, every edit made by a hook."""
    network = model.network
    with ExitStack() as hooks, torch.inference_mode():
        for stack, layers in (("encoder", network.encoder), ("decoder", network.decoder)):
            for i, layer in enumerate(layers):
                hooks.enter_context(_layer(stack, i, layer, edits))
        for stack, norm in (("encoder", network.encoder_norm), ("decoder", network.decoder_norm)):
            depth = len(getattr(network, stack))
            hooks.enter_context(
                _before(norm, partial(_steer, stack=stack, layer=depth, edits=edits))
            )
        logits = network(model.source([trace.src]), torch.tensor([trace.tgt_in.ids]))
    return logits[0].log_softmax(-1)


@contextmanager
def _layer(stack: str, i: int, layer: Any, edits: Edits) -> Iterator[None]:
    def entry(x: Tensor) -> Tensor:
        return _patch(_steer(x, stack, i, edits), "resid_pre", stack, i, edits)

    def exit_(x: Tensor) -> Tensor:
        return _patch(x, "resid_post", stack, i, edits)

    kinds = {"self_attention": f"{stack}_self", "cross_attention": "cross"}
    with ExitStack() as hooks:
        hooks.enter_context(_before(layer, entry))
        hooks.enter_context(_after(layer, exit_))
        down = layer.feed_forward.down
        hooks.enter_context(_after(down, lambda x: _patch(x, "mlp_out", stack, i, edits)))
        for name, kind in kinds.items():
            if hasattr(layer, name):
                hooks.enter_context(_attention(getattr(layer, name), kind, i, edits))
        yield


@contextmanager
def _attention(block: Any, kind: str, layer: int, edits: Edits) -> Iterator[None]:
    """z is computed anew from the block's inputs when `out_proj` is about to read it."""
    seen: dict[str, Any] = {}

    def inputs(_: nn.Module, given: tuple[Any, ...]) -> None:
        seen["x"], seen["source"], seen["mask"] = given[0], given[1], given[2]

    def again(_: nn.Module, __: tuple[Any, ...]) -> tuple[Tensor]:
        x, source = seen["x"][0], seen["source"]
        keys = x if source is None else source[0]
        d, width = block.width, block.d_head
        w, b = block.in_proj.weight, block.in_proj.bias
        mask = torch.ones(1, 1, 1, 1, dtype=torch.bool) if seen["mask"] is None else seen["mask"]
        mask = mask.expand(1, 1, len(x), len(keys))[0, 0]
        parts = []
        for head in range(block.n_heads):
            q, k, v = (
                rows @ w[n * d + head * width : n * d + (head + 1) * width].T
                + b[n * d + head * width : n * d + (head + 1) * width]
                for n, rows in ((0, x), (1, keys), (2, keys))
            )
            parts.append(_z(kind, layer, head, q, k, v, mask, edits))
        return (torch.cat(parts, dim=-1)[None],)

    handles = [
        block.register_forward_pre_hook(inputs),
        block.out_proj.register_forward_pre_hook(again),
        block.register_forward_hook(lambda *a: _patch(a[2], "out", kind, layer, edits)),
    ]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _z(
    kind: str, layer: int, head: int, q: Tensor, k: Tensor, v: Tensor, mask: Tensor, edits: Edits
) -> Tensor:
    """[Q, E] of one head, row by row."""
    by_hand = dict(edits.set)
    z = torch.zeros(len(q), v.size(1))
    for i in range(len(q)):
        open_ = [
            j
            for j in range(len(k))
            if bool(mask[i, j])
            and not any(
                all(a in (None, b) for a, b in zip(edge, (kind, layer, head, i, j), strict=True))
                for edge in edits.cut
            )
        ]
        weights = dict.fromkeys(range(len(k)), NOTHING_LEFT)
        if (kind, layer, head, i) in by_hand:
            weights |= dict(enumerate(by_hand[kind, layer, head, i]))
        elif (kind, layer, head) in edits.uniform:
            weights |= {j: 1 / len(open_) for j in open_}
        elif open_:
            scores = [float(q[i] @ k[j]) / math.sqrt(q.size(1)) for j in open_]
            top = max(scores)
            total = sum(math.exp(s - top) for s in scores)
            weights |= {j: math.exp(s - top) / total for j, s in zip(open_, scores, strict=True)}
        z[i] = sum((weight * v[j] for j, weight in weights.items()), torch.zeros(v.size(1)))
        if (kind, layer, head) in edits.ablate:
            z[i] = torch.tensor(dict(edits.means).get((kind, layer, head), [0.0] * v.size(1)))
        for place, values in edits.patch:
            if place == ("z", kind, layer, head, i):
                z[i] = torch.tensor(values)
    return z


def _patch(x: Tensor, name: str, where: str, layer: int, edits: Edits) -> Tensor:
    x = x.clone()
    for place, values in edits.patch:
        position = int(place[-1])
        if place[:3] == (name, where, layer) and position < x.size(1):
            x[0, position] = torch.tensor(values)
    return x


def _steer(x: Tensor, stack: str, layer: int, edits: Edits) -> Tensor:
    x = x.clone()
    for side, at, position, c, direction in edits.steer:
        for i in range(x.size(1)):
            if (side, at) == (stack, layer) and position in (None, i):
                x[0, i] += c * torch.tensor(direction)
    return x


@contextmanager
def _before(module: nn.Module, change: Callable[[Tensor], Tensor]) -> Iterator[None]:
    handle = module.register_forward_pre_hook(lambda _, given: (change(given[0]), *given[1:]))
    try:
        yield
    finally:
        handle.remove()


@contextmanager
def _after(module: nn.Module, change: Callable[[Tensor], Tensor]) -> Iterator[None]:
    handle = module.register_forward_hook(lambda _, __, out: change(out))
    try:
        yield
    finally:
        handle.remove()
