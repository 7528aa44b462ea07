"""Where a walk goes: a cell of a trace, and the stacks, streams and tokens around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...run.arrays import Array
from ...run.records import AttentionRecord, LayerRecord, StackRecord
from ...run.runner import Model
from ...run.tokens import Tokens
from ...run.trace import Trace
from .. import weights
from .step import Cell, Part


@dataclass(frozen=True, eq=False)
class Place:
    """A cell with everything that its steps read."""

    model: Model
    trace: Trace
    cell: Cell

    @property
    def pre_norm(self) -> bool:
        """Whether a block reads the stream through a layer norm."""
        return self.model.config.norm_first

    @property
    def query_side(self) -> str:
        """The stack that the query's token is in."""
        return "encoder" if self.cell.kind == "encoder_self" else "decoder"

    @property
    def key_side(self) -> str:
        """The stack that the key's token is in."""
        return "decoder" if self.cell.kind == "decoder_self" else "encoder"

    @property
    def same_vector(self) -> bool:
        """Whether query and key come from one and the same vector."""
        return self.query_side == self.key_side and self.cell.query == self.cell.key

    @property
    def record(self) -> AttentionRecord:
        """The attention block of the cell."""
        return self.trace.attention[self.cell.kind][self.cell.layer]

    @property
    def bias(self) -> Array | None:
        """[Q, K]: what this head adds to its scores for each distance (T5); None in most models."""
        n = len(self.trace.queries(self.cell.kind))
        bias = weights.position_bias(self.model, self.cell.kind, n)
        return None if bias is None else bias[self.cell.head]

    @property
    def layer(self) -> LayerRecord:
        """The layer that the block is in."""
        return self.stack(self.query_side).layers[self.cell.layer]

    @property
    def keys(self) -> Tokens:
        """The tokens of the columns."""
        return self.trace.keys(self.cell.kind)

    @property
    def key_names(self) -> tuple[str, ...]:
        """The columns' tokens as they stand in the text."""
        return tuple(self.keys.surface(i) for i in range(len(self.keys)))

    def side(self, role: str) -> str:
        """The stack of one of the two tokens, "query" or "key"."""
        return self.query_side if role == "query" else self.key_side

    def index(self, role: str) -> int:
        """The position of one of the two tokens, "query" or "key"."""
        return self.cell.query if role == "query" else self.cell.key

    def stack(self, side: str) -> StackRecord:
        """The record of one stack."""
        return self.trace.encoder if side == "encoder" else self.trace.decoder

    def tokens(self, side: str) -> Tokens:
        """What a stack reads."""
        return self.trace.src if side == "encoder" else self.trace.tgt_in

    def block_stream(self) -> tuple[Array, Array]:
        """The stream [pos, D] before the block and what came out of its residual sum (and norm)."""
        layer = self.layer
        if self.cell.kind == "cross":
            assert layer.resid_mid_cross is not None
            return layer.resid_mid, layer.resid_mid_cross
        return layer.resid_pre, layer.resid_mid

    def block_reads(self) -> Array:
        """[pos, D]: what the block projects into queries (and, in self-attention, keys)."""
        if not self.pre_norm:
            return self.block_stream()[0]
        return self.layer.ln2_out if self.cell.kind == "cross" else self.layer.ln1_out


def norm_parts(norm: weights.NormWeights, suffix: str = "") -> tuple[Part, ...]:
    """γ, β (where there is one) and ε of a norm as inputs of a step."""
    beta = () if norm.beta is None else (Part(f"β{suffix}", norm.beta, ("d_model",), "parameter"),)
    return (
        Part(f"γ{suffix}", norm.gamma, ("d_model",), "parameter"),
        *beta,
        Part(f"ε{suffix}", norm.epsilon, (), "parameter"),
    )


def norm_operation(norm: weights.NormWeights) -> Callable[..., Array]:
    """What recomputes a norm from its parts."""
    if norm.beta is None:
        return lambda x, gamma, epsilon: weights.normed(x, gamma, None, epsilon)
    return weights.normed
