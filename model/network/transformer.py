"""The encoder-decoder transformer of "Attention Is All You Need" (Vaswani et al. 2017).

Letters in shapes: B batch, S source positions, T target positions, D d_model, V d_vocab.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..run.edits import AnyEdits
from ..run.recorder import Recorder
from .attention import KeyValues, MultiHeadAttention
from .config import ModelConfig
from .dropout import Dropout
from .interventions import NO_EDITS, entered, patched
from .masks import causal_mask, padding_mask


def sinusoids(n: int, d_model: int) -> Tensor:
    """PE(pos, 2i) = sin(pos / 10000^(2i/D)), PE(pos, 2i+1) = cos(...) (section 3.5).

    Returns:
        [n, d_model] float32, values in [-1, 1].
    """
    position = torch.arange(n, dtype=torch.float64)[:, None]
    rate = torch.exp(torch.arange(0, d_model, 2) * (-math.log(10_000.0) / d_model))
    angles = position * rate  # [n, D/2]
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1).float()


class FeedForward(nn.Module):
    """FFN(x) = max(0, x W_1 + b_1) W_2 + b_2 (section 3.3, equation 2)."""

    def __init__(self, config: ModelConfig, address: str) -> None:
        super().__init__()
        self.address = address
        self.stack, self.layer = address.split(".")[0], int(address.split(".")[1])
        self.up = nn.Linear(config.d_model, config.d_ff)
        self.down = nn.Linear(config.d_ff, config.d_model)

    def forward(
        self,
        x: Tensor,
        recorder: Recorder | None = None,
        edits: AnyEdits = NO_EDITS,
        start: int = 0,
    ) -> Tensor:
        """[B, pos, D] -> [B, pos, D]."""
        pre = self.up(x)
        post = pre.relu()
        out = patched(self.down(post), edits, "mlp_out", self.stack, self.layer, start)
        if recorder is not None:
            recorder(self.address, mlp_pre=pre, mlp_post=post, mlp_out=out)
        return out


class Sublayer(nn.Module):
    """The residual sum and layer norm around a block, in either order (`norm_first`)."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.norm_first = config.norm_first
        self.norm = nn.LayerNorm(config.d_model)
        self.dropout = Dropout(config.dropout)

    def before(self, x: Tensor) -> Tensor:
        """What the block reads, given the stream `x`."""
        return self.norm(x) if self.norm_first else x

    def after(self, x: Tensor, out: Tensor) -> Tensor:
        """The stream after the block wrote `out`."""
        x = x + self.dropout(out)
        return x if self.norm_first else self.norm(x)


class EncoderLayer(nn.Module):
    """Self-attention, then feed-forward."""

    def __init__(self, config: ModelConfig, layer: int) -> None:
        super().__init__()
        self.layer, self.address = layer, f"encoder.{layer}"
        self.self_attention = MultiHeadAttention(
            config, "encoder_self", layer, f"{self.address}.self"
        )
        self.feed_forward = FeedForward(config, self.address)
        self.around_self, self.around_mlp = Sublayer(config), Sublayer(config)

    def forward(
        self, x: Tensor, mask: Tensor, recorder: Recorder | None = None, edits: AnyEdits = NO_EDITS
    ) -> Tensor:
        """The stream [B, S, D] after this layer; `mask` [B, 1, 1, S]."""
        read = self.around_self.before(x)
        mid = self.around_self.after(x, self.self_attention(read, None, mask, recorder, edits))
        mid = patched(mid, edits, "resid_mid", "encoder", self.layer)
        read_mlp = self.around_mlp.before(mid)
        post = self.around_mlp.after(mid, self.feed_forward(read_mlp, recorder, edits))
        post = patched(post, edits, "resid_post", "encoder", self.layer)
        if recorder is not None:
            first = self.around_self.norm_first
            recorder(
                self.address,
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
        self.layer, self.address = layer, f"decoder.{layer}"
        self.self_attention = MultiHeadAttention(
            config, "decoder_self", layer, f"{self.address}.self"
        )
        self.cross_attention = MultiHeadAttention(config, "cross", layer, f"{self.address}.cross")
        self.feed_forward = FeedForward(config, self.address)
        self.around_self, self.around_cross = Sublayer(config), Sublayer(config)
        self.around_mlp = Sublayer(config)

    def forward(
        self,
        x: Tensor,
        memory: Tensor,
        tgt_mask: Tensor | None,
        src_mask: Tensor | None,
        recorder: Recorder | None = None,
        edits: AnyEdits = NO_EDITS,
        cache: tuple[KeyValues, KeyValues] | None = None,
        start: int = 0,
    ) -> Tensor:
        """The stream [B, T, D] after this layer; `cache` holds self and cross keys and values.

        `start` is the position of the first of these rows.
        """
        own, crossed = cache or (None, None)
        read = self.around_self.before(x)
        mid = self.around_self.after(
            x, self.self_attention(read, None, tgt_mask, recorder, edits, own, start)
        )
        mid = patched(mid, edits, "resid_mid", "decoder", self.layer, start)
        read_cross = self.around_cross.before(mid)
        written = self.cross_attention(
            read_cross, memory, src_mask, recorder, edits, crossed, start
        )
        if not edits.cross_attention:
            written = torch.zeros_like(written)
        mid_cross = self.around_cross.after(mid, written)
        mid_cross = patched(mid_cross, edits, "resid_mid_cross", "decoder", self.layer, start)
        read_mlp = self.around_mlp.before(mid_cross)
        post = self.around_mlp.after(mid_cross, self.feed_forward(read_mlp, recorder, edits, start))
        post = patched(post, edits, "resid_post", "decoder", self.layer, start)
        if recorder is not None:
            first = self.around_self.norm_first
            recorder(
                self.address,
                resid_pre=x,
                ln1_out=read if first else mid,
                resid_mid=mid,
                ln2_out=read_cross if first else mid_cross,
                resid_mid_cross=mid_cross,
                ln3_out=read_mlp if first else post,
                resid_post=post,
            )
        return post


class DecoderCache:
    """What a decoder keeps between steps: per layer, its own and the memory's keys and values."""

    def __init__(
        self, layers: list[tuple[KeyValues, KeyValues]], src_mask: Tensor | None, position: int = 0
    ) -> None:
        self.layers, self.src_mask, self.position = layers, src_mask, position

    def select(self, rows: Tensor) -> DecoderCache:
        """The cache for other rows of the batch, in the order given (for beam search)."""
        layers = [(own.select(rows), crossed.select(rows)) for own, crossed in self.layers]
        mask = None if self.src_mask is None else self.src_mask[rows]
        return DecoderCache(layers, mask, self.position)


class Transformer(nn.Module):
    """Encoder and decoder over one vocabulary, its embedding tied with the output projection."""

    positions: Tensor

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.d_vocab, config.d_model)
        self.encoder = nn.ModuleList(
            EncoderLayer(config, i) for i in range(config.n_encoder_layers)
        )
        self.decoder = nn.ModuleList(
            DecoderLayer(config, i) for i in range(config.n_decoder_layers)
        )
        norm = nn.LayerNorm if config.norm_first else nn.Identity
        self.encoder_norm, self.decoder_norm = norm(config.d_model), norm(config.d_model)
        self.dropout = Dropout(config.dropout)
        table = sinusoids(config.max_positions, config.d_model)
        self.register_buffer("positions", table, persistent=False)
        self.reset()

    def reset(self) -> None:
        """Fresh weights: Xavier for matrices, N(0, 1/D) for embeddings, so that × √D gives 1."""
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.xavier_uniform_(parameter)
        nn.init.normal_(self.embedding.weight, std=self.config.d_model**-0.5)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.zeros_(module.bias)

    def embed(
        self,
        ids: Tensor,
        side: str,
        recorder: Recorder | None = None,
        edits: AnyEdits = NO_EDITS,
        start: int = 0,
    ) -> Tensor:
        """Token embedding × √d_model, plus position (section 3.4): [B, pos] -> [B, pos, D]."""
        embed = self.embedding(ids) * math.sqrt(self.config.d_model)
        position = self.positions[start : start + ids.size(1)]
        if not edits.positions:
            position = torch.zeros_like(position)
        if recorder is not None:
            recorder(side, embed=embed, pos_embed=position[None])
        return self.dropout(embed + position)

    def encode(
        self, src: Tensor, recorder: Recorder | None = None, edits: AnyEdits = NO_EDITS
    ) -> Tensor:
        """Source ids [B, S] -> memory [B, S, D]."""
        mask = padding_mask(src, self.config.pad_id)
        x = self.embed(src, "encoder", recorder, edits)
        for i, layer in enumerate(self.encoder):
            x = entered(x, edits, "encoder", i)
            post = layer(x, mask, recorder, edits)
            x = x if ("encoder", i) in edits.skip else post
        x = entered(x, edits, "encoder", len(self.encoder))
        memory = self.encoder_norm(x)
        if recorder is not None:
            recorder("encoder", output=memory)
        return memory

    def decode(
        self,
        tgt: Tensor,
        memory: Tensor,
        src: Tensor,
        recorder: Recorder | None = None,
        edits: AnyEdits = NO_EDITS,
    ) -> Tensor:
        """Decoder input ids [B, T] and memory [B, S, D] -> the last stream [B, T, D].

        `src` [B, S] tells which positions of the memory are padding.
        """
        tgt_mask = padding_mask(tgt, self.config.pad_id)
        if edits.causal_mask:
            tgt_mask = tgt_mask & causal_mask(tgt.size(1), tgt.device)
        else:
            tgt_mask = tgt_mask.expand(-1, 1, tgt.size(1), -1)
        src_mask = padding_mask(src, self.config.pad_id)
        x = self.embed(tgt, "decoder", recorder, edits)
        for i, layer in enumerate(self.decoder):
            x = entered(x, edits, "decoder", i)
            post = layer(x, memory, tgt_mask, src_mask, recorder, edits)
            x = x if ("decoder", i) in edits.skip else post
        x = entered(x, edits, "decoder", len(self.decoder))
        x = self.decoder_norm(x)
        if recorder is not None:
            recorder("decoder", output=x)
        return x

    def unembed(self, x: Tensor) -> Tensor:
        """The stream [.., D] -> logits [.., V], by the tied embedding."""
        return F.linear(x, self.embedding.weight)

    def forward(
        self,
        src: Tensor,
        tgt: Tensor,
        recorder: Recorder | None = None,
        edits: AnyEdits = NO_EDITS,
    ) -> Tensor:
        """Source ids [B, S] and decoder input ids [B, T] -> logits [B, T, V]."""
        memory = self.encode(src, recorder, edits)
        return self.unembed(self.decode(tgt, memory, src, recorder, edits))

    def start(self, memory: Tensor, src: Tensor) -> DecoderCache:
        """An empty cache for decoding step by step from this memory."""
        config = self.config
        layers = []
        for layer in self.decoder:
            assert isinstance(layer, DecoderLayer)
            empty = memory.new_empty(len(memory), config.n_heads, 0, config.d_head)
            layers.append((KeyValues(empty, empty), layer.cross_attention.keys_values(memory)))
        mask = padding_mask(src, config.pad_id)
        return DecoderCache(layers, None if bool(mask.all()) else mask)

    def step(
        self, tgt: Tensor, memory: Tensor, cache: DecoderCache, edits: AnyEdits = NO_EDITS
    ) -> Tensor:
        """Logits [B, V] after the new target ids [B, n]; the cache grows by n positions."""
        n = tgt.size(1)
        x = self.embed(tgt, "decoder", None, edits, cache.position)
        mask = None
        if n > 1:  # several at once (a prefix): causal among themselves, everything before is open
            mask = causal_mask(cache.position + n)[-n:]
        start = cache.position
        cache.position += n
        for i, layer in enumerate(self.decoder):
            x = entered(x, edits, "decoder", i, start)
            post = layer(x, memory, mask, cache.src_mask, None, edits, cache.layers[i], start)
            x = x if ("decoder", i) in edits.skip else post
        x = entered(x, edits, "decoder", len(self.decoder), start)
        return self.unembed(self.decoder_norm(x[:, -1]))
