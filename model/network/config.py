"""The shape of a model: one frozen value, checked when it is made."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

KINDS = ("encoder_self", "decoder_self", "cross")
"""The three places of attention, in the order in which the model runs them."""

MOST_LAYERS, MOST_NUMBERS = 100, 300_000_000
"""Bounds of a model, so that a damaged file cannot ask for all the memory there is."""


@dataclass(frozen=True)
class ModelConfig:
    """Sizes of an encoder-decoder transformer (Vaswani et al. 2017, section 3).

    Args:
        d_vocab: number of tokens, shared by source and target.
        d_model: width of the residual stream; even, and a multiple of `n_heads`.
        n_heads: attention heads in every block.
        d_ff: width of the feed-forward layer.
        n_encoder_layers, n_decoder_layers: depths of the two stacks; they may differ.
        max_positions: longest sequence the model accepts, in tokens.
        dropout: probability in [0, 1), used in training only.
        norm_first: layer norm before each block and once after each stack (True), or after each
            residual sum as in the paper (False).
        pad_id, bos_id, eos_id, unk_id: the four control tokens.

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
    unk_id: int = 3

    def __post_init__(self) -> None:
        sizes = (
            "d_vocab",
            "d_model",
            "n_heads",
            "d_ff",
            "n_encoder_layers",
            "n_decoder_layers",
            "max_positions",
        )
        for name in sizes:
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise ValueError(f"{name} must be a whole number of at least 1, not {value!r}")
        if self.n_encoder_layers > MOST_LAYERS or self.n_decoder_layers > MOST_LAYERS:
            raise ValueError(f"at most {MOST_LAYERS} layers a stack are built")
        if self._n_numbers > MOST_NUMBERS:
            raise ValueError(f"a model of these sizes would hold over {MOST_NUMBERS:,} numbers")
        if self.d_model % self.n_heads:
            raise ValueError(
                f"d_model ({self.d_model}) must be a multiple of n_heads ({self.n_heads})"
            )
        if self.d_model % 2:
            raise ValueError(f"d_model must be even for sine and cosine pairs, not {self.d_model}")
        if not isinstance(self.dropout, int | float) or not 0 <= self.dropout < 1:
            raise ValueError(f"dropout must be at least 0 and below 1, not {self.dropout!r}")
        if not isinstance(self.norm_first, bool):
            raise ValueError(f"norm_first must be true or false, not {self.norm_first!r}")
        control = (self.pad_id, self.bos_id, self.eos_id, self.unk_id)
        if (
            not all(isinstance(i, int) and 0 <= i < self.d_vocab for i in control)
            or len(set(control)) < 4
        ):
            raise ValueError(
                f"pad, bos, eos and unk ids must be four different ids below d_vocab, not {control}"
            )

    @property
    def _n_numbers(self) -> int:
        """Entries of all matrices and of the position table."""
        d, n_layers = self.d_model, self.n_encoder_layers + self.n_decoder_layers
        attention = 4 * d * d * (n_layers + self.n_decoder_layers)
        return d * (self.d_vocab + self.max_positions + 2 * self.d_ff * n_layers) + attention

    @property
    def d_head(self) -> int:
        """Width of one head: d_model / n_heads."""
        return self.d_model // self.n_heads

    def n_layers(self, kind: str) -> int:
        """Number of blocks of a kind of attention.

        Raises:
            ValueError: there is no such kind.
        """
        if kind not in KINDS:
            raise ValueError(f"unknown kind of attention {kind!r}; use {', '.join(KINDS)}")
        return self.n_encoder_layers if kind == "encoder_self" else self.n_decoder_layers

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as written to `config.json`."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> ModelConfig:
        """The inverse of `to_dict`.

        Raises:
            ValueError: names that are missing or unknown, or values that are not allowed.
        """
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(values) - known):
            raise ValueError(f"unknown names in the model's configuration: {', '.join(unknown)}")
        if missing := sorted(known - set(values)):
            raise ValueError(f"names missing in the model's configuration: {', '.join(missing)}")
        return cls(**values)
