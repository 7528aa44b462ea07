"""The encoder-decoder transformer of "Attention Is All You Need" (Vaswani et al. 2017).

Its configuration also has the switches that tell later families from it; section numbers are those
of the paper. Letters in shapes: B batch, S source positions, T target positions, D d_model,
V d_vocab.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..run.edits import AnyEdits
from ..run.pace import breathe
from ..run.recorder import Recorder
from .cache import DecoderCache, KeyValues
from .config import ModelConfig
from .dropout import Dropout
from .fronts import front
from .interventions import NO_EDITS, entered
from .layers import DecoderLayer, EncoderLayer
from .masks import causal_mask, length_mask
from .norms import norm
from .positions import RelativeBias, fixed_table
from .source import Memory, Source


class Transformer(nn.Module):
    """Encoder and decoder. Source and target share one vocabulary, and its embedding is tied with
    the output projection, unless the configuration says otherwise.
    """

    positions: Tensor

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config, d = config, config.d_model
        self.embedding = nn.Embedding(config.d_vocab, d)
        self.front = front(config)
        self.encoder = nn.ModuleList(
            EncoderLayer(config, i) for i in range(config.n_encoder_layers)
        )
        self.decoder = nn.ModuleList(
            DecoderLayer(config, i) for i in range(config.n_decoder_layers)
        )
        self.encoder_norm = norm(config) if config.has_final_norm else nn.Identity()
        self.decoder_norm = norm(config) if config.has_final_norm else nn.Identity()
        self.encoder_embed_norm = norm(config) if config.norm_embed else nn.Identity()
        self.decoder_embed_norm = norm(config) if config.norm_embed else nn.Identity()
        self.dropout = Dropout(config.dropout)
        self.register_buffer("positions", fixed_table(config), persistent=False)
        if config.position == "table":
            n_src = config.max_src_positions or config.max_positions
            self.encoder_positions = nn.Parameter(torch.zeros(n_src, d))
            self.decoder_positions = nn.Parameter(torch.zeros(config.max_positions, d))
        if config.position == "relative":
            self.encoder_bias = RelativeBias(config, config.heads("encoder_self"), both_ways=True)
            self.decoder_bias = RelativeBias(config, config.heads("decoder_self"), both_ways=False)
        self.unembedding = None if config.tied else nn.Linear(d, config.d_vocab, bias=False)
        self.logits_bias = nn.Parameter(torch.zeros(config.d_vocab)) if config.logits_bias else None
        self.reset()

    def reset(self) -> None:
        """Fresh weights: Xavier for matrices, N(0, 1/D) for embeddings, so that × √D gives 1."""
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.xavier_uniform_(parameter)
        nn.init.normal_(self.embedding.weight, std=self.config.d_model**-0.5)
        for module in self.modules():
            if isinstance(module, nn.Linear) and module.bias is not None:
                nn.init.zeros_(module.bias)
        if callable(reset := getattr(self.front, "reset", None)):
            reset()

    def embed(self, ids: Tensor) -> Tensor:
        """Token embedding × √d_model (section 3.4): [B, pos] -> [B, pos, D]."""
        embed: Tensor = self.embedding(ids)
        return embed * math.sqrt(self.config.d_model) if self.config.scale_embed else embed

    def read(self, source: Source | Tensor) -> tuple[Tensor, Tensor | None]:
        """A source's stream [B, S, D] before positions, and its mask [B, 1, 1, S]."""
        if isinstance(source, Tensor):
            source = Source(source)
        if self.front is None:
            embed, lengths = self.embed(source.values), source.lengths
        else:
            embed, lengths = self.front(source)
        if source.mask is not None:
            return embed, source.mask[:, None, None, :]
        return embed, None if lengths is None else length_mask(lengths, embed.size(1))

    def position_table(self, side: str) -> Tensor | None:
        """What is added for each position of a stack [n, D]; None where nothing is."""
        if self.config.position == "table":
            return self.encoder_positions if side == "encoder" else self.decoder_positions
        return self.positions if len(self.positions) else None

    def place(
        self,
        embed: Tensor,
        side: str,
        recorder: Recorder | None = None,
        edits: AnyEdits = NO_EDITS,
        start: int = 0,
    ) -> Tensor:
        """What enters a stack: embedding plus position (section 3.5), [B, pos, D]."""
        table = self.position_table(side)
        if table is None or not edits.positions:
            position = torch.zeros_like(embed[0])
        else:
            position = table[start : start + embed.size(1)]
        if recorder is not None:
            recorder(side, embed=embed, pos_embed=position[None])
        norm = self.encoder_embed_norm if side == "encoder" else self.decoder_embed_norm
        return self.dropout(norm(embed + position))

    def bias(self, side: str, start: int, n: int, edits: AnyEdits = NO_EDITS) -> Tensor | None:
        """[1, H, n, start + n], added to a stack's self-attention scores (T5); None elsewhere."""
        if self.config.position != "relative" or not edits.positions:
            return None
        bias: Tensor = (self.encoder_bias if side == "encoder" else self.decoder_bias)(start, n)
        return bias

    def encode(
        self,
        source: Source | Tensor,
        recorder: Recorder | None = None,
        edits: AnyEdits = NO_EDITS,
    ) -> Memory:
        """A batch of sources -> their memory; a bare tensor has no padding."""
        embed, mask = self.read(source)
        return self.encode_stream(embed, mask, recorder, edits)

    def encode_stream(
        self,
        embed: Tensor,
        mask: Tensor | None,
        recorder: Recorder | None = None,
        edits: AnyEdits = NO_EDITS,
    ) -> Memory:
        """Embeddings [B, S, D], before positions, -> memory; for gradients at the embeddings."""
        x = self.place(embed, "encoder", recorder, edits)
        bias = self.bias("encoder", 0, x.size(1), edits)
        if recorder is not None and bias is not None:
            recorder("encoder", position_bias=bias)
        for i, layer in enumerate(self.encoder):
            breathe()
            x = entered(x, edits, "encoder", i)
            post = layer(x, mask, recorder, edits, bias)
            x = x if ("encoder", i) in edits.skip else post
        x = entered(x, edits, "encoder", len(self.encoder))
        states = self.encoder_norm(x)
        if recorder is not None:
            recorder("encoder", output=states)
        return Memory(states, mask)

    def decode(
        self,
        tgt: Tensor,
        memory: Memory,
        recorder: Recorder | None = None,
        edits: AnyEdits = NO_EDITS,
        tgt_mask: Tensor | None = None,
    ) -> Tensor:
        """Decoder input ids [B, T] and a memory -> the last stream [B, T, D].

        Args:
            tgt_mask: [B, 1, 1, T] bool, False for padding. With the causal mask nothing that counts
                sees what stands behind a target's end, so only runs without it need this.
        """
        n = tgt.size(1)
        mask = causal_mask(n, tgt.device)[None, None]
        if not edits.causal_mask:
            mask = torch.ones_like(mask) if tgt_mask is None else tgt_mask.expand(-1, 1, n, -1)
        x = self.place(self.embed(tgt), "decoder", recorder, edits)
        bias = self.bias("decoder", 0, n, edits)
        if recorder is not None and bias is not None:
            recorder("decoder", position_bias=bias)
        for i, layer in enumerate(self.decoder):
            breathe()
            x = entered(x, edits, "decoder", i)
            post = layer(x, memory, mask, recorder, edits, None, bias)
            x = x if ("decoder", i) in edits.skip else post
        x = entered(x, edits, "decoder", len(self.decoder))
        x = self.decoder_norm(x)
        if recorder is not None:
            recorder("decoder", output=x)
        return x

    @property
    def unembed_weight(self) -> Tensor:
        """[V, D]: each token's direction in the output; where tied, the embedding itself."""
        return self.embedding.weight if self.unembedding is None else self.unembedding.weight

    def unembed(self, x: Tensor) -> Tensor:
        """The stream [.., D] -> logits [.., V]."""
        if self.config.logits_scale != 1.0:
            x = x * self.config.logits_scale
        return F.linear(x, self.unembed_weight, self.logits_bias)

    def forward(
        self,
        source: Source | Tensor,
        tgt: Tensor,
        recorder: Recorder | None = None,
        edits: AnyEdits = NO_EDITS,
        tgt_mask: Tensor | None = None,
    ) -> Tensor:
        """Sources and decoder input ids [B, T] -> logits [B, T, V]."""
        memory = self.encode(source, recorder, edits)
        return self.unembed(self.decode(tgt, memory, recorder, edits, tgt_mask))

    def start(self, memory: Memory) -> DecoderCache:
        """An empty cache for decoding step by step from this memory."""
        layers = []
        for layer in self.decoder:
            assert isinstance(layer, DecoderLayer)
            own, states = layer.self_attention, memory.states
            empty = states.new_empty(len(states), own.n_heads, 0, own.d_head)
            crossed = memory.keys_values(layer.cross_attention)
            layers.append((KeyValues(empty, empty), crossed))
        closed = memory.mask is not None and not bool(memory.mask.all())
        return DecoderCache(layers, memory.mask if closed else None)

    def step(
        self, tgt: Tensor, memory: Memory, cache: DecoderCache, edits: AnyEdits = NO_EDITS
    ) -> Tensor:
        """Logits [B, V] after the new target ids [B, n]; the cache grows by n positions."""
        n, start = tgt.size(1), cache.position
        x = self.place(self.embed(tgt), "decoder", None, edits, start)
        mask = None
        if n > 1:  # several at once (a prefix): causal among themselves, everything before is open
            mask = causal_mask(start + n)[-n:]
        bias = self.bias("decoder", start, n, edits)
        cache.position += n
        seen = Memory(memory.states, cache.src_mask)
        for i, layer in enumerate(self.decoder):
            x = entered(x, edits, "decoder", i, start)
            post = layer(x, seen, mask, None, edits, cache.layers[i], bias, start)
            x = x if ("decoder", i) in edits.skip else post
        x = entered(x, edits, "decoder", len(self.decoder), start)
        return self.unembed(self.decoder_norm(x[:, -1]))
