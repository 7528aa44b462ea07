"""One step of the decoder in as few operations as there are, for runs without edits.

At this size a step is spent on the overhead of small operations as much as on matrix products.
Here are the same sums as in `Transformer.step`, with fused attention, without what recording,
dropout and edits need; tests hold the two against each other and against the traced rows.

Letters in shapes: B rows, D d_model, H heads, E d_head, V d_vocab, S source positions.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from ..network.feed_forward import ACTIVATIONS
from ..network.layers import DecoderLayer
from ..network.norms import Norm
from ..network.positions import RelativeBias
from ..network.source import Memory
from ..network.transformer import Transformer

Map = Callable[[Tensor], Tensor]
"""Numbers [B, D] to as many."""

ROOM = 32
"""Positions that a cache has room for at first; doubled when it runs out."""

WORTH_SPLITTING = 150_000
"""Numbers in a matrix from which on two threads read it faster than one."""


class Distances:
    """What relative positions add to the scores of the newest position (T5); kept for all layers.

    A bias depends on the distance alone, so the row of one position holds those of all before it.
    """

    def __init__(self, bias: RelativeBias) -> None:
        self.bias, self.row = bias, bias(0, 1)

    def __call__(self, n: int) -> Tensor:
        """[1, H, 1, n]: for the last of n positions."""
        if n > self.row.size(3):
            self.row = self.bias(max(2 * n, ROOM) - 1, 1)
        return self.row[..., -n:]


class Heads(NamedTuple):
    """How blocks attend: number of heads, scale (None: 1/√d_head), what relative positions add."""

    n: int
    scale: float | None
    distances: Distances | None = None


class CachedSelfAttention:
    """Masked self-attention of the newest position; keeps keys and values, grows by one."""

    def __init__(self, kv: Tensor, how: Heads, length: int = 0) -> None:
        self.how, self.length = how, length
        self.store(kv)

    def store(self, kv: Tensor) -> None:
        """Keep keys and values in `kv` [room, B, 2·D]."""
        room, batch, width = kv.shape
        self.kv = kv
        heads = kv.view(room, batch, 2, self.how.n, width // 2 // self.how.n)
        self.k, self.v = heads.permute(2, 1, 3, 0, 4)  # each [B, H, room, E]

    def __call__(self, projected: Tensor) -> Tensor:
        """Queries, keys and values side by side [B, 3·D] -> [B, D]."""
        new, width = self.length, projected.size(1) // 3
        if new == len(self.kv):
            larger = self.kv.new_empty(2 * new, *self.kv.shape[1:])
            larger[:new] = self.kv
            self.store(larger)
        self.kv[new] = projected[:, width:]
        self.length = n = new + 1
        bias = None if self.how.distances is None else self.how.distances(n)
        z = F.scaled_dot_product_attention(
            projected[:, :width].view(len(projected), self.how.n, 1, -1),
            self.k.narrow(2, 0, n),
            self.v.narrow(2, 0, n),
            bias,
            scale=self.how.scale,
        )
        return z.transpose(1, 2).flatten(1)  # [B, H, 1, E] -> [B, D]

    def select(self, rows: Tensor) -> CachedSelfAttention:
        """The same for other rows."""
        kv = self.kv.new_empty(len(self.kv), len(rows), self.kv.size(2))
        torch.index_select(self.kv[: self.length], 1, rows, out=kv[: self.length])
        return CachedSelfAttention(kv, self.how, self.length)


@dataclass(frozen=True)
class CrossAttention:
    """Attention to the memory, whose keys and values [B, H, S, E] are computed once."""

    k: Tensor
    v: Tensor
    mask: Tensor | None
    scale: float | None

    def __call__(self, q: Tensor) -> Tensor:
        """Queries [B, D] -> [B, D]."""
        batch, n_heads, _, d_head = self.k.shape
        q = q.view(batch, n_heads, 1, d_head)
        z = F.scaled_dot_product_attention(q, self.k, self.v, self.mask, scale=self.scale)
        return z.transpose(1, 2).flatten(1)

    def select(self, rows: Tensor) -> CrossAttention:
        """The same for other rows."""
        mask = None if self.mask is None else _rows(self.mask, rows)
        return CrossAttention(_rows(self.k, rows), _rows(self.v, rows), mask, self.scale)


def _rows(batch: Tensor, rows: Tensor) -> Tensor:
    """Rows of a batch; where all targets have one source, it stays one row in memory."""
    if len(batch) == 1 or batch.stride(0) == 0:
        return batch[:1].expand(len(rows), *batch.shape[1:])
    return batch[rows]


@cache
def _parts(n_in: int, parts: int) -> tuple[Tensor, Tensor]:
    """The places of all columns, and where each part of them begins."""
    return torch.arange(n_in), torch.arange(parts) * n_in // parts


class Product:
    """x·Wᵀ + b. For one row the columns of W are added up, a part of them in each thread.

    Reading W takes the time, and this reads it faster than a product does (see `layout`).
    """

    def __init__(self, weight: Tensor, bias: Tensor | None = None) -> None:
        self.weight, self.bias, self.columns = weight, bias, weight.t()
        self.by_columns = self.columns.is_contiguous()
        self.parts = torch.get_num_threads() if weight.numel() >= WORTH_SPLITTING else 1
        self.places, self.starts = _parts(weight.size(1), self.parts)

    def __call__(self, x: Tensor) -> Tensor:
        """[B, in] -> [B, out]."""
        if len(x) > 1 or not self.by_columns:
            return F.linear(x, self.weight, self.bias)
        sums = torch.embedding_bag(  # mode 0: sums
            self.columns, self.places, self.starts, False, 0, False, x[0]
        )[0]  # [parts, out]
        if self.parts > 1:
            sums = sums.sum(0, keepdim=True)
        return sums if self.bias is None else sums + self.bias


class Gated(Product):
    """act(x W_g) ⊙ x W: the projection into a feed-forward block that has a gate."""

    def __init__(self, up: torch.nn.Linear, gate: torch.nn.Linear, activation: Map) -> None:
        super().__init__(up.weight, up.bias)
        self.gate, self.activation = _product(gate), activation

    def __call__(self, x: Tensor) -> Tensor:
        """[B, in] -> [B, out]."""
        return self.activation(self.gate(x)) * super().__call__(x)


class Block(NamedTuple):
    """A block of a layer: its norm, a projection, something in the middle, a projection back."""

    norm: Map
    into: Product
    middle: Map
    back: Product

    def select(self, rows: Tensor) -> Block:
        """The same for other rows."""
        if isinstance(self.middle, CachedSelfAttention | CrossAttention):
            return self._replace(middle=self.middle.select(rows))
        return self


def fits(network: Transformer) -> bool:
    """Whether `FastDecoder` passes by nothing that somebody hung on a part of this network."""
    return not any(hooks(module) for module in network.modules())


def hooks(module: torch.nn.Module) -> bool:
    """Whether something has been hung on a module that sees or changes what passes through it."""
    return bool(module._forward_hooks or module._forward_pre_hooks)


class FastDecoder:
    """Targets being written, with all that a step needs at hand.

    Only for networks that it `fits`, and that nobody hangs hooks on: their modules are passed by.
    """

    def __init__(self, network: Transformer, memory: Memory) -> None:
        self.network, self.position = network, 0
        self.norm_first = network.config.norm_first
        mask = memory.mask
        if mask is not None and bool(mask.all()):
            mask = None
        config = network.config
        relative = config.position == "relative"
        distances = Distances(network.decoder_bias) if relative else None
        how = Heads(config.heads("cross"), config.attention_scale, distances)
        self.unembed = Product(network.unembed_weight, network.logits_bias)
        self.blocks: list[Block] = []
        for layer in network.decoder:
            assert isinstance(layer, DecoderLayer)
            self.blocks += _blocks(layer, memory, mask, how, ACTIVATIONS[config.activation])

    def step(self, ids: Tensor) -> Tensor:
        """Read new target ids [B, n], and give the logits [B, V] of what follows the last."""
        for column in ids.unbind(1):
            x = self._read(column)
        x, scale = self.network.decoder_norm(x), self.network.config.logits_scale
        return self.unembed(x if scale == 1.0 else x * scale)

    def select(self, rows: Tensor) -> FastDecoder:
        """The same for other rows of the batch, in the order given (for beam search)."""
        chosen = object.__new__(FastDecoder)
        chosen.__dict__ |= self.__dict__
        chosen.blocks = [block.select(rows) for block in self.blocks]
        return chosen

    def _read(self, ids: Tensor) -> Tensor:
        """The last stream [B, D] at the next position."""
        network = self.network
        x = F.embedding(ids, network.embedding.weight)
        if network.config.scale_embed:
            x = x * math.sqrt(x.size(1))
        table = network.position_table("decoder")
        x = network.decoder_embed_norm(x if table is None else x + table[self.position])
        self.position += 1
        for norm, into, middle, back in self.blocks:
            x = x + back(middle(into(norm(x) if self.norm_first else x)))
            if not self.norm_first:
                x = norm(x)
        return x


def _blocks(
    layer: DecoderLayer, memory: Memory, src_mask: Tensor | None, how: Heads, act: Map
) -> list[Block]:
    """The three blocks of a layer."""
    own, cross, mlp = layer.self_attention, layer.cross_attention, layer.feed_forward
    width, empty = cross.width, memory.states.new_empty(ROOM, len(memory), 2 * own.width)
    seen, bias = memory.keys_values(cross), cross.in_proj.bias
    queries = Product(cross.in_proj.weight[:width], None if bias is None else bias[:width])
    return [
        Block(
            _norm(layer.around_self.norm),
            _product(own.in_proj),
            CachedSelfAttention(empty, how),
            _product(own.out_proj),
        ),
        Block(
            _norm(layer.around_cross.norm),
            queries,
            CrossAttention(seen.k.contiguous(), seen.v.contiguous(), src_mask, how.scale),
            _product(cross.out_proj),
        ),
        Block(
            _norm(layer.around_mlp.norm),
            _product(mlp.up) if mlp.gate is None else Gated(mlp.up, mlp.gate, act),
            act if mlp.gate is None else _as_it_is,
            _product(mlp.down),
        ),
    ]


def _norm(norm: Norm) -> Map:
    """The same, without a module's overhead."""
    width, weight = (len(norm.weight),), norm.weight
    if isinstance(norm, torch.nn.RMSNorm):
        return lambda x: torch.rms_norm(x, width, weight, norm.eps)
    bias, eps = norm.bias, norm.eps
    return lambda x: torch.layer_norm(x, width, weight, bias, eps)


def _product(linear: torch.nn.Linear) -> Product:
    return Product(linear.weight, linear.bias)


def _as_it_is(x: Tensor) -> Tensor:
    return x
