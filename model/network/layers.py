"""One layer of each stack: its blocks, each in a residual sum and a norm.

Letters in shapes: B batch, S source positions, T target positions, D d_model, H heads.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..run.edits import AnyEdits
from ..run.recorder import Recorder
from .attention import MultiHeadAttention
from .cache import KeyValues
from .config import ModelConfig
from .feed_forward import FeedForward
from .interventions import NO_EDITS, patched
from .norms import ResidualNorm
from .source import Memory


class EncoderLayer(nn.Module):
    """Self-attention, then feed-forward."""

    def __init__(self, config: ModelConfig, layer: int) -> None:
        super().__init__()
        self.layer, self.path = layer, f"encoder.{layer}"
        self.self_attention = MultiHeadAttention(config, "encoder_self", layer, f"{self.path}.self")
        self.feed_forward = FeedForward(config, "encoder", layer)
        self.around_self, self.around_mlp = ResidualNorm(config), ResidualNorm(config)

    def forward(
        self,
        x: Tensor,
        mask: Tensor | None,
        recorder: Recorder | None = None,
        edits: AnyEdits = NO_EDITS,
        bias: Tensor | None = None,
    ) -> Tensor:
        """The stream [B, S, D] after this layer; `mask` [B, 1, 1, S], `bias` [1, H, S, S]."""
        read = self.around_self.read(x)
        written = self.self_attention(read, None, mask, recorder, edits, bias=bias)
        mid = self.around_self.add(x, written)
        mid = patched(mid, edits, "resid_mid", "encoder", self.layer)
        read_mlp = self.around_mlp.read(mid)
        post = self.around_mlp.add(mid, self.feed_forward(read_mlp, recorder, edits))
        post = patched(post, edits, "resid_post", "encoder", self.layer)
        if recorder is not None:
            first = self.around_self.norm_first
            recorder(
                self.path,
                resid_pre=x,
                ln1_out=read if first else mid,
                resid_mid=mid,
                ln2_out=read_mlp if first else post,
                resid_post=post,
            )
        return post


class DecoderLayer(nn.Module):
    """Masked self-attention, cross-attention to the memory, then feed-forward."""

    def __init__(self, config: ModelConfig, layer: int) -> None:
        super().__init__()
        self.layer, self.path = layer, f"decoder.{layer}"
        self.self_attention = MultiHeadAttention(config, "decoder_self", layer, f"{self.path}.self")
        self.cross_attention = MultiHeadAttention(config, "cross", layer, f"{self.path}.cross")
        self.feed_forward = FeedForward(config, "decoder", layer)
        self.around_self, self.around_cross = ResidualNorm(config), ResidualNorm(config)
        self.around_mlp = ResidualNorm(config)

    def forward(
        self,
        x: Tensor,
        memory: Memory,
        mask: Tensor | None,
        recorder: Recorder | None = None,
        edits: AnyEdits = NO_EDITS,
        cache: tuple[KeyValues, KeyValues] | None = None,
        bias: Tensor | None = None,
        start: int = 0,
    ) -> Tensor:
        """The stream [B, T, D] after this layer; `cache` holds self and cross keys and values.

        `start` is the position of the first of these rows.
        """
        own, crossed = cache or (None, memory.keys_values(self.cross_attention))
        read = self.around_self.read(x)
        written = self.self_attention(read, None, mask, recorder, edits, own, bias, start)
        mid = self.around_self.add(x, written)
        mid = patched(mid, edits, "resid_mid", "decoder", self.layer, start)
        read_cross = self.around_cross.read(mid)
        written = self.cross_attention(
            read_cross, memory.states, memory.mask, recorder, edits, crossed, None, start
        )
        if not edits.cross_attention:
            written = torch.zeros_like(written)
        mid_cross = self.around_cross.add(mid, written)
        mid_cross = patched(mid_cross, edits, "resid_mid_cross", "decoder", self.layer, start)
        read_mlp = self.around_mlp.read(mid_cross)
        post = self.around_mlp.add(mid_cross, self.feed_forward(read_mlp, recorder, edits, start))
        post = patched(post, edits, "resid_post", "decoder", self.layer, start)
        if recorder is not None:
            first = self.around_self.norm_first
            recorder(
                self.path,
                resid_pre=x,
                ln1_out=read if first else mid,
                resid_mid=mid,
                ln2_out=read_cross if first else mid_cross,
                resid_mid_cross=mid_cross,
                ln3_out=read_mlp if first else post,
                resid_post=post,
            )
        return post
