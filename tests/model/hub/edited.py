"""Interventions on a model of `transformers`, made there: an attention function and hooks.

This version of the library has no head masks, so its attention interface is what is used: one
function in plain steps, which knows the block that it is called for. It shares no code with the
project's edits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
import transformers
from torch import Tensor, nn
from transformers.masking_utils import eager_mask

from headlight.model import Edits

hf: Any = transformers
NAME = "edited"
_BLOCKS: dict[nn.Module, tuple[str, int, Edits]] = {}


def attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    mask: Tensor | None,
    scaling: float,
    position_bias: Tensor | None = None,
    **_: Any,
) -> tuple[Tensor, Tensor]:
    """As a block calls it: [B, H, Q, E] each; gives z as [B, Q, H, E], and the weights."""
    kind, layer, edits = _BLOCKS[module]
    scores = query @ key.transpose(2, 3) * scaling
    scores = scores if position_bias is None else scores + position_bias
    if mask is not None:
        scores = scores + mask[..., : key.shape[2]]
    scores = scores.masked_fill(scores < -1e30, -torch.inf)  # masked cells have a large number
    for where, at, head, q, k in edits.cut:
        if where == kind and at in (None, layer):
            index = [slice(None) if i is None else i for i in (head, q, k)]
            scores[:, index[0], index[1], index[2]] = -torch.inf
    weights = scores.softmax(-1).nan_to_num(0.0)
    for where, at, head in edits.uniform:
        if (where, at) == (kind, layer):
            even = torch.isfinite(scores[:, head]).float()
            weights[:, head] = even / even.sum(-1, keepdim=True)
    for (where, at, head, q), row in edits.set:
        if (where, at) == (kind, layer):
            weights[:, head, q] = 0.0
            weights[:, head, q, : len(row)] = torch.tensor(row)
    z = weights @ value
    for where, at, head in edits.ablate:
        if (where, at) == (kind, layer):
            z[:, head] = 0.0
    for place, numbers in edits.patch:
        if place[:3] == ("z", kind, layer):
            z[:, int(place[3]), int(place[4])] = torch.tensor(numbers)
    return z.transpose(1, 2).contiguous(), weights


hf.AttentionInterface.register(NAME, attention)
hf.AttentionMaskInterface.register(NAME, eager_mask)


def logits(theirs: Any, src: Tensor, tgt_in: Tensor, edits: Edits) -> Tensor:
    """[B, T, V] of one pass under edits of heads, edges, outputs of blocks and of the stream."""
    before = theirs.config._attn_implementation
    theirs.set_attn_implementation(NAME)
    try:
        with _edited(theirs, edits), torch.inference_mode():
            found: Tensor = theirs(input_ids=src, decoder_input_ids=tgt_in, use_cache=False).logits
    finally:
        theirs.set_attn_implementation(before)
    return found


def parts(theirs: Any) -> Iterator[tuple[str, int, nn.Module, dict[str, Any], nn.Module]]:
    """(stack, layer, the layer, its attention blocks by kind, the end of its feed-forward)."""
    t5 = hasattr(theirs, "shared")
    for stack in ("encoder", "decoder"):
        side = getattr(theirs if t5 else theirs.model, stack)
        for i, layer in enumerate(side.block if t5 else side.layers):
            own, cross = f"{stack}_self", "cross"
            if t5:
                blocks = {own: layer.layer[0].SelfAttention}
                if stack == "decoder":
                    blocks[cross] = layer.layer[1].EncDecAttention
                yield stack, i, layer, blocks, layer.layer[-1].DenseReluDense.wo
            else:
                blocks = {own: layer.self_attn}
                if stack == "decoder":
                    blocks[cross] = layer.encoder_attn
                yield stack, i, layer, blocks, layer.fc2


@contextmanager
def _edited(theirs: Any, edits: Edits) -> Iterator[None]:
    with ExitStack() as hooks:
        for stack, i, layer, blocks, down in parts(theirs):
            hooks.enter_context(_before(layer, stack, i, edits))
            hooks.enter_context(_after(down, ("mlp_out", stack, i), edits))
            for kind, block in blocks.items():
                _BLOCKS[block] = (kind, i, edits)
                out = block.o if hasattr(block, "o") else block.out_proj
                hooks.enter_context(_after(out, ("out", kind, i), edits))
        try:
            yield
        finally:
            _BLOCKS.clear()


@contextmanager
def _before(module: nn.Module, stack: str, layer: int, edits: Edits) -> Iterator[None]:
    def change(x: Tensor) -> Tensor:
        x = x.clone()
        for side, at, position, c, direction in edits.steer:
            if (side, at) == (stack, layer):
                x[:, slice(None) if position is None else position] += c * torch.tensor(direction)
        return _patched(x, ("resid_pre", stack, layer), edits)

    def hook(_: nn.Module, args: Any, kwargs: Any) -> Any:
        if args:
            return (change(args[0]), *args[1:]), kwargs
        return args, kwargs | {"hidden_states": change(kwargs["hidden_states"])}

    with _removed(module.register_forward_pre_hook(hook, with_kwargs=True)):
        yield


@contextmanager
def _after(module: nn.Module, place: tuple[str, str, int], edits: Edits) -> Iterator[None]:
    hook: Callable[..., Tensor] = lambda _, __, out: _patched(out, place, edits)  # noqa: E731
    with _removed(module.register_forward_hook(hook)):
        yield


def _patched(x: Tensor, name: tuple[str, str, int], edits: Edits) -> Tensor:
    shape = x.shape
    x = x.clone().reshape(1, -1, shape[-1])  # the batch is of one
    for place, numbers in edits.patch:
        if place[:3] == name:
            x[:, int(place[-1])] = torch.tensor(numbers)
    return x.reshape(shape)


@contextmanager
def _removed(handle: Any) -> Iterator[None]:
    try:
        yield
    finally:
        handle.remove()
