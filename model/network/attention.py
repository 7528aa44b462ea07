"""Scaled dot-product attention and its multi-head form, as in "Attention Is All You Need".

Letters in shapes: B batch, Q query positions, K key positions, H heads, D d_model, E d_head.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..run.edits import AnyEdits
from ..run.maps import WIDE
from ..run.recorder import Recorder
from .cache import KeyValues
from .config import ModelConfig
from .dropout import dropout as drop
from .interventions import NO_EDITS, open_edges, patched, reweighed


class AttentionOutput(NamedTuple):
    """What `attention` computed on the way: `z` [.., Q, E]; `pattern`, `raw_scores` [.., Q, K]."""

    z: Tensor
    pattern: Tensor
    raw_scores: Tensor


def attention(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    mask: Tensor | None = None,
    *,
    scale: float | None = None,
    bias: Tensor | None = None,
    dropout: float = 0.0,
) -> AttentionOutput:
    """Attention(Q, K, V) = softmax(QKᵀ / √d_head) V (Vaswani et al. 2017, equation 1).

    Args:
        q: [..., Q, E] queries.
        k, v: [..., K, E] keys and values.
        mask: bool, broadcast to [..., Q, K]; True = may attend. Every row needs one True.
        scale: what QKᵀ is multiplied by; 1/√E when None.
        bias: [..., Q, K], added to the scores: the relative positions of T5.
        dropout: probability of dropping a weight, in training.
    """
    raw_scores = q @ k.transpose(-2, -1) * (1 / math.sqrt(q.size(-1)) if scale is None else scale)
    if bias is not None:
        raw_scores = raw_scores + bias
    attn_scores = raw_scores if mask is None else raw_scores.masked_fill(~mask, -math.inf)
    pattern = attn_scores.softmax(dim=-1)
    weights = drop(pattern, dropout) if dropout else pattern
    return AttentionOutput(weights @ v, pattern, raw_scores)


class MultiHeadAttention(nn.Module):
    """MultiHead(Q, K, V) = Concat(head_1, ..., head_h) W_O (Vaswani et al. 2017, section 3.2.2).

    W_Q, W_K and W_V stand one under the other in `in_proj`, as in `torch.nn.MultiheadAttention`.

    Args:
        kind, layer: where the block stands; edits and the recorder know it by this.
        path: its flat name, such as `decoder.1.cross`.
    """

    def __init__(self, config: ModelConfig, kind: str, layer: int, path: str) -> None:
        super().__init__()
        self.kind, self.layer, self.path = kind, layer, path
        self.n_heads, self.d_head = config.heads(kind), config.head_width(kind)
        self.width = self.n_heads * self.d_head
        self.scale, self.dropout = config.attention_scale, config.dropout
        self.in_proj = nn.Linear(config.d_model, 3 * self.width, bias=config.bias)
        self.out_proj = nn.Linear(self.width, config.d_model, bias=config.bias)

    def forward(
        self,
        x: Tensor,
        source: Tensor | None,
        mask: Tensor | None,
        recorder: Recorder | None = None,
        edits: AnyEdits = NO_EDITS,
        cache: KeyValues | None = None,
        bias: Tensor | None = None,
        start: int = 0,
    ) -> Tensor:
        """The block's output for queries from `x`.

        Args:
            x: [B, Q, D], where the queries come from.
            source: [B, K, D], where keys and values of cross-attention come from, if not from a
                cache; None for self-attention.
            mask: bool, broadcast to [B, H, Q, K]; True = may attend.
            cache: self-attention: grows by the new positions; cross-attention: used as it is.
            bias: [1, H, Q, K], added to the scores.
            start: position of the first query, which edits by position count from.

        Returns:
            [B, Q, D]
        """
        if self.kind == "cross":
            q = self.split(self.project(x, slice(0, self.width)))[:, :, 0]
            if cache is None:
                assert source is not None, "cross-attention reads a source"
                cache = self.keys_values(source)
            k, v = cache.k, cache.v
        else:
            q, k, v = self.split(self.in_proj(x)).unbind(2)  # each [B, H, Q, E]
            if cache is not None:
                k, v = cache.append(k, v)

        shape = (len(q), self.n_heads, q.size(2), k.size(2))
        kept = open_edges(mask, edits, self.kind, self.layer, shape, start)
        scale = self.scale if edits.scale else 1.0
        wide = math.prod(shape[1:]) > WIDE  # nobody keeps such a pattern
        pattern: Tensor | None = None
        computed = None
        if wide and bias is None and not edits and not self.training:  # nor has to lay it out
            z = F.scaled_dot_product_attention(q, k, v, kept, scale=scale)
        else:
            dropout = self.dropout if self.training else 0.0
            z, computed, _ = attention(q, k, v, kept, scale=scale, bias=bias, dropout=dropout)
            pattern = computed
            if edits:
                z, pattern = reweighed(z, computed, v, kept, edits, self.kind, self.layer, start)
        out = self.out_proj(z.transpose(1, 2).flatten(2))  # [B, H, Q, E] -> [B, Q, H·E]
        out = patched(out, edits, "out", self.kind, self.layer, start)

        if recorder is not None:
            w_o = self.out_proj.weight.view(-1, self.n_heads, self.d_head)
            w_o = w_o.permute(1, 2, 0)  # [H, E, D]
            whole = torch.ones(1, 1, 1, 1, dtype=torch.bool) if mask is None else mask
            recorder(
                self.path,
                q=q,
                k=k,
                v=v,
                scale=torch.tensor([1 / math.sqrt(self.d_head) if scale is None else scale]),
                mask=whole.expand(len(x), 1, *shape[2:]),
                z=z,
                value_norm=(v @ w_o).norm(dim=-1),
                out=out,
            )
            if pattern is not None and (pattern is not computed or not wide):
                recorder(self.path, pattern=pattern)
            if kept is not None and kept is not mask:
                recorder(self.path, cut=whole & ~kept)
            if recorder.result:
                recorder(self.path, result=z @ w_o)
        return out

    def project(self, x: Tensor, rows: slice) -> Tensor:
        """Some of the three projections [B, Q, ..] of `x`: rows of `in_proj`."""
        bias = self.in_proj.bias
        return F.linear(x, self.in_proj.weight[rows], None if bias is None else bias[rows])

    def split(self, projected: Tensor) -> Tensor:
        """[B, Q, n·H·E] -> [B, H, n, Q, E]: projections apart, heads apart."""
        batch, n_query, width = projected.shape
        apart = projected.view(batch, n_query, width // self.width, self.n_heads, self.d_head)
        return apart.permute(0, 3, 2, 1, 4)

    def keys_values(self, source: Tensor) -> KeyValues:
        """Keys and values of a whole sequence, each [B, H, K, E], computed once and kept."""
        projected = self.project(source, slice(self.width, None))
        k, v = self.split(projected).unbind(2)
        return KeyValues(k, v)
