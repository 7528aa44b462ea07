"""The shape of a model: one frozen value, checked when it is made."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from . import front_shapes
from .front_shapes import SHAPES, FrontShape

KINDS = ("encoder_self", "decoder_self", "cross")
"""The three places of attention, in the order in which the model runs them."""

MAX_LAYERS, MAX_NUMBERS, MAX_POSITIONS = 100, 5_000_000_000, 16_384
"""Bounds of a model, so that a damaged file cannot ask for all the memory there is."""

CHOICES: dict[str, tuple[str, ...]] = {
    "norm": ("layer", "rms"),
    "position": ("sinusoid", "sinusoid_halves", "sinusoid_fairseq", "table", "relative"),
    "activation": ("relu", "gelu", "gelu_new", "silu"),
}
"""What the switches that are words may be."""


@dataclass(frozen=True, repr=False)
class ModelConfig:
    """Sizes and switches of an encoder-decoder transformer (Vaswani et al. 2017, section 3).

    The defaults of all switches are Headlight's own models; the others make it one of the families
    in `model/checkpoints/hub/`.

    Args:
        d_vocab: number of target tokens, and of source tokens unless the front has its own.
        d_model: width of the residual stream; even, and a multiple of `n_heads` unless `d_key` is
            given.
        n_heads: attention heads in every block.
        d_ff: width of the feed-forward layer.
        n_encoder_layers, n_decoder_layers: depths of the two stacks; they may differ.
        max_positions: longest sequence the model accepts, in tokens.
        dropout: probability in [0, 1), used in training only.
        norm_first: norm before each block and once after each stack (True), or after each residual
            sum as in the paper (False).
        pad_id, bos_id, eos_id, unk_id: the control tokens; None where a vocabulary has no unknown.
            The decoder's input begins with `bos_id`, which may be any of the others.
        n_decoder_heads, d_ff_decoder: of the decoder, where they differ from the encoder's.
        d_key: width of one head, where it is not d_model / n_heads.
        max_src_positions: longest source, where it differs from `max_positions`.
        front: what reads the source; None = tokens, in the target's embedding table.
        norm: "layer", or "rms" for root mean square without mean and bias.
        norm_eps: what keeps a norm from dividing by zero.
        norm_embed: a norm after token and position are added.
        norm_final: a norm after each stack; None = as `norm_first` says.
        position: sine waves interleaved, in halves, or as fairseq counts them; a stored "table" for
            each stack; or "relative", a learned bias on the scores.
        n_buckets, max_distance: of relative positions.
        scale_embed: embeddings times √d_model.
        attention_scale: what q·k is multiplied by; None = 1/√d_head.
        activation: "relu", "gelu", "gelu_new" (by tanh) or "silu".
        gated: the feed-forward block has a gate.
        bias: matrices have biases.
        tied: the output projection is the embedding table.
        logits_bias: a number a token is added to the logits.
        logits_scale: what the stream is multiplied by before the output projection.

    Raises:
        ValueError: a size that no model can have, with its name and what is allowed.
    """

    d_vocab: int
    d_model: int = 80
    n_heads: int = 4
    d_ff: int = 160
    n_encoder_layers: int = 2
    n_decoder_layers: int = 2
    max_positions: int = 512
    dropout: float = 0.1
    norm_first: bool = True
    pad_id: int = 0
    bos_id: int = 1
    eos_id: int = 2
    unk_id: int | None = 3
    n_decoder_heads: int | None = None
    d_ff_decoder: int | None = None
    d_key: int | None = None
    max_src_positions: int | None = None
    front: FrontShape | None = None
    norm: str = "layer"
    norm_eps: float = 1e-5
    norm_embed: bool = False
    norm_final: bool | None = None
    position: str = "sinusoid"
    n_buckets: int = 32
    max_distance: int = 128
    scale_embed: bool = True
    attention_scale: float | None = None
    activation: str = "relu"
    gated: bool = False
    bias: bool = True
    tied: bool = True
    logits_bias: bool = False
    logits_scale: float = 1.0

    def __post_init__(self) -> None:
        for name in SIZES:
            value = getattr(self, name)
            if value is None and name in OPTIONAL:
                continue
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise ValueError(f"{name} must be a whole number of at least 1, not {value!r}")
        if self.n_encoder_layers > MAX_LAYERS or self.n_decoder_layers > MAX_LAYERS:
            raise ValueError(f"at most {MAX_LAYERS} layers a stack are built")
        if self.max_positions > MAX_POSITIONS:
            raise ValueError(f"max_positions must be at most {MAX_POSITIONS:,}")
        if self._n_numbers > MAX_NUMBERS:
            raise ValueError(f"a model of these sizes would hold over {MAX_NUMBERS:,} numbers")
        for name in ("n_heads", "n_decoder_heads"):
            n_heads = getattr(self, name)
            if self.d_key is None and n_heads and self.d_model % n_heads:
                raise ValueError(
                    f"d_model ({self.d_model}) must be a multiple of {name} ({n_heads})"
                )
        if self.d_model % 2:
            raise ValueError(f"d_model must be even for sine and cosine pairs, not {self.d_model}")
        if not isinstance(self.dropout, int | float) or not 0 <= self.dropout < 1:
            raise ValueError(f"dropout must be at least 0 and below 1, not {self.dropout!r}")
        for name in SWITCHES:
            value = getattr(self, name)
            if not isinstance(value, bool) and not (name == "norm_final" and value is None):
                raise ValueError(f"{name} must be true or false, not {value!r}")
        for name, allowed in CHOICES.items():
            if getattr(self, name) not in allowed:
                raise ValueError(
                    f"{name} must be one of {', '.join(allowed)}, not {getattr(self, name)!r}"
                )
        for name in ("norm_eps", "logits_scale", "attention_scale"):
            value = getattr(self, name)
            if value is None and name == "attention_scale":
                continue
            if not isinstance(value, int | float) or isinstance(value, bool) or not value > 0:
                raise ValueError(f"{name} must be a number above 0, not {value!r}")
        if self.front is not None and not isinstance(self.front, tuple(SHAPES.values())):
            raise ValueError(f"front must be one of {', '.join(SHAPES)}, not {self.front!r}")
        control = [self.pad_id, self.bos_id, self.eos_id]
        control += [] if self.unk_id is None else [self.unk_id]
        if not all(isinstance(i, int) and 0 <= i < self.d_vocab for i in control):
            raise ValueError(f"pad, bos, eos and unk ids must be ids below d_vocab, not {control}")

    def __repr__(self) -> str:
        """The sizes, and the switches that are not as in Headlight's own models."""
        return f"ModelConfig({', '.join(f'{name}={value!r}' for name, value in self._told())})"

    def _told(self) -> list[tuple[str, Any]]:
        """Names and values without the switches that stand at their default."""
        named = [(field, getattr(self, field.name)) for field in fields(self)]
        return [
            (field.name, value)
            for field, value in named
            if field.name in REQUIRED or value != field.default
        ]

    @property
    def _n_numbers(self) -> int:
        """Entries of all matrices and of the position tables."""
        positions = 0
        if self.position == "table":
            positions += self.d_model * (self.max_src_positions or self.max_positions)
        if self.position != "relative":
            positions += self.d_model * self.max_positions
        return self.n_weights + positions

    @property
    def n_weights(self) -> int:
        """Entries of the matrices that a checkpoint stores, without positions, biases and norms."""
        d, total = self.d_model, self.d_model * self.d_vocab * (1 if self.tied else 2)
        depths = {"encoder": self.n_encoder_layers, "decoder": self.n_decoder_layers}
        for side, n_layers in depths.items():
            kind = f"{side}_self"
            n_blocks = n_layers if side == "encoder" else 2 * n_layers
            total += n_blocks * 4 * d * self.heads(kind) * self.head_width(kind)
            total += n_layers * (3 if self.gated else 2) * d * self.ff_width(side)
            if self.position == "relative":
                total += self.n_buckets * self.heads(kind)
        return total + (0 if self.front is None else self.front.n_numbers(d))

    @property
    def d_head(self) -> int:
        """Width of one head of the encoder: d_model / n_heads, or `d_key`."""
        return self.head_width("encoder_self")

    @property
    def has_final_norm(self) -> bool:
        """Whether a norm stands after each stack."""
        return self.norm_first if self.norm_final is None else self.norm_final

    @property
    def n_source_positions(self) -> int:
        """Longest source the model accepts, in positions of the stream."""
        return self.max_src_positions or self.max_positions

    def heads(self, kind: str) -> int:
        """Number of heads in a block of a kind of attention."""
        return self.n_heads if kind == "encoder_self" else (self.n_decoder_heads or self.n_heads)

    def head_width(self, kind: str) -> int:
        """Width of one head of a kind of attention."""
        return self.d_key or self.d_model // self.heads(kind)

    def ff_width(self, side: str) -> int:
        """Width of the feed-forward layers of a stack, "encoder" or "decoder"."""
        return self.d_ff if side == "encoder" else (self.d_ff_decoder or self.d_ff)

    def n_layers(self, kind: str) -> int:
        """Number of blocks of a kind of attention.

        Raises:
            ValueError: there is no such kind.
        """
        if kind not in KINDS:
            raise ValueError(f"unknown kind of attention {kind!r}; use {', '.join(KINDS)}")
        return self.n_encoder_layers if kind == "encoder_self" else self.n_decoder_layers

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as written to `config.json`; switches at their default are left out."""
        values = dict(self._told())
        if self.front is not None:
            values["front"] = front_shapes.to_dict(self.front)
        return values

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> ModelConfig:
        """The inverse of `to_dict`.

        Raises:
            ValueError: names that are missing or unknown, or values that are not allowed.
        """
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(values) - known):
            raise ValueError(f"unknown names in the model's configuration: {', '.join(unknown)}")
        if missing := sorted(REQUIRED - set(values)):
            raise ValueError(f"names missing in the model's configuration: {', '.join(missing)}")
        if values.get("front") is not None:
            values = {**values, "front": front_shapes.from_dict(values["front"])}
        return cls(**values)


OPTIONAL = ("n_decoder_heads", "d_ff_decoder", "d_key", "max_src_positions")
SIZES = (
    *("d_vocab", "d_model", "n_heads", "d_ff", "n_encoder_layers", "n_decoder_layers"),
    *("max_positions", "n_buckets", "max_distance"),
    *OPTIONAL,
)
SWITCHES = (
    *("norm_first", "norm_final", "norm_embed", "scale_embed", "gated", "bias", "tied"),
    "logits_bias",
)
REQUIRED = {
    *("d_vocab", "d_model", "n_heads", "d_ff", "n_encoder_layers", "n_decoder_layers"),
    *("max_positions", "dropout", "norm_first", "pad_id", "bos_id", "eos_id", "unk_id"),
}
"""What every `config.json` names; all else is a switch with a default."""
