"""The numbers of a trace, layer by layer, and their flat names: numpy only, no torch.

Letters in shapes: Q query positions, K key positions, H heads, D d_model, E d_head, F d_ff.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from ..network.config import KINDS
from . import maps
from .arrays import Array


class _Told:
    """Arrays are told of by their names and shapes."""

    def __repr__(self) -> str:
        parts = []
        for field in fields(self):  # type: ignore[arg-type]
            value = getattr(self, field.name)
            if isinstance(value, tuple):
                parts.append(f"{len(value)} {field.name}")
            elif value is not None:
                parts.append(f"{_FLAT.get(field.name, field.name)} {list(value.shape)}")
        return f"{type(self).__name__}({', '.join(parts)})"


@dataclass(frozen=True, eq=False, repr=False)
class AttentionRecord(_Told):
    """One attention block: every number between its input and its output.

    Scores are computed anew from `q` and `k` each time they are asked for, as the block computed
    them; so is the pattern of a block of more than `maps.WIDE` cells.

    Shapes:
        q [H, Q, E]; k, v [H, K, E]: after the projection, split into heads.
        mask [Q, K] bool: True = may attend.
        z [H, Q, E]: pattern · v.
        value_norm [H, K]: ‖v·W_O‖ of each head; times `pattern` it is `norm_weighted`.
        out [Q, D]: the block's output, Σ over heads of z·W_O, plus b_O.
        scale []: what q·kᵀ is multiplied by, 1/√d_head in most models.
        kept [H, Q, K] or None: the pattern, where it was kept.
        result [H, Q, D] or None: z·W_O of each head, kept only on request.
        cut [H, Q, K] bool or None: True = the mask allows this edge, but an edit cut it.
        bias [H, Q, K] or None: what relative positions add to the scores, one for the whole stack.
    """

    q: Array
    k: Array
    v: Array
    mask: Array
    z: Array
    value_norm: Array
    out: Array
    scale: Array
    kept: Array | None = None
    result: Array | None = None
    cut: Array | None = None
    bias: Array | None = None

    @property
    def shape(self) -> tuple[int, int, int]:
        """(H, Q, K) of `pattern` and of the scores."""
        return len(self.q), self.q.shape[1], self.k.shape[1]

    @property
    def pattern(self) -> Array:
        """[H, Q, K]: softmax of `attn_scores`; each row sums to 1."""
        return maps.softmax(self.attn_scores) if self.kept is None else self.kept

    @property
    def raw_scores(self) -> Array:
        """[H, Q, K]: q·kᵀ / √d_head, before the mask."""
        return maps.scores(self.q, self.k, self.scale, self.bias)

    @property
    def attn_scores(self) -> Array:
        """[H, Q, K]: `raw_scores`, with −inf where a query may not attend, or where it was cut."""
        open_edges = self.mask if self.cut is None else self.mask & ~self.cut
        return np.where(open_edges, self.raw_scores, np.float32(-np.inf))

    @property
    def norm_weighted(self) -> Array:
        """[H, Q, K]: `pattern` × `value_norm`, ‖αf(x)‖ (Kobayashi et al. 2020)."""
        return self.pattern * self.value_norm[:, None, :]


@dataclass(frozen=True, eq=False, repr=False)
class LayerRecord(_Told):
    """The residual stream through one layer, all [pos, D] but `mlp_pre` and `mlp_post` [pos, F].

    In a pre-norm layer `ln*_out` is what a block reads; in a post-norm layer it is the stream after
    the norm, so `ln1_out` equals `resid_mid`. `mlp_gate` [pos, F] is there where the feed-forward
    block has a gate, before its activation: `mlp_post` = act(`mlp_gate`) ⊙ `mlp_pre`. An encoder
    layer has no cross-attention: its `resid_mid_cross` and `ln3_out` are None and `ln2_out` belongs
    to the feed-forward block.
    """

    resid_pre: Array
    ln1_out: Array
    resid_mid: Array
    ln2_out: Array
    mlp_pre: Array
    mlp_post: Array
    mlp_out: Array
    resid_post: Array
    resid_mid_cross: Array | None = None
    ln3_out: Array | None = None
    mlp_gate: Array | None = None


@dataclass(frozen=True, eq=False, repr=False)
class StackRecord(_Told):
    """One stack: what enters it, its layers, and what leaves it.

    Shapes: embed [pos, D], token embedding × √d_model; pos_embed [pos, D], the sinusoids;
    output [pos, D], after the final norm where the model has one; position_bias [H, pos, pos], what
    relative positions add to the scores of self-attention, None in most models.
    """

    embed: Array
    pos_embed: Array
    layers: tuple[LayerRecord, ...]
    output: Array
    position_bias: Array | None = None


def block_path(kind: str, layer: int) -> str:
    """The flat name of an attention block: `encoder.0.self`, `decoder.1.cross`, ..."""
    side, name = {
        "encoder_self": ("encoder", "self"),
        "decoder_self": ("decoder", "self"),
        "cross": ("decoder", "cross"),
    }[kind]
    return f"{side}.{layer}.{name}"


def from_arrays(arrays: Mapping[str, Array]) -> dict[str, Any]:
    """The typed records of a `Trace` from arrays under their flat names.

    Raises:
        KeyError: a name that a trace needs is missing.
    """
    for array in arrays.values():
        array.flags.writeable = False
    depth = {
        side: sum(f"{side}.{i}.resid_pre" in arrays for i in range(len(arrays)))
        for side in ("encoder", "decoder")
    }
    biases = {side: arrays.get(f"{side}.position_bias") for side in depth}
    attention = {kind: _blocks(arrays, kind, depth, biases) for kind in KINDS}
    stacks = {
        side: StackRecord(
            embed=arrays[f"{side}.embed"],
            pos_embed=arrays[f"{side}.pos_embed"],
            layers=tuple(_record(LayerRecord, arrays, f"{side}.{i}") for i in range(n)),
            output=arrays[f"{side}.output"],
            position_bias=biases[side],
        )
        for side, n in depth.items()
    }
    return {
        "attention": attention,
        **stacks,
        "log_probs": arrays["log_probs"],
        "log_norm": arrays["log_norm"],
    }


def _blocks(
    arrays: Mapping[str, Array],
    kind: str,
    depth: Mapping[str, int],
    biases: Mapping[str, Array | None],
) -> tuple[AttentionRecord, ...]:
    """Every block of a kind; those of a stack share what positions add to the scores."""
    side = "encoder" if kind == "encoder_self" else "decoder"
    bias = None if kind == "cross" else biases[side]
    found = (_record(AttentionRecord, arrays, block_path(kind, i)) for i in range(depth[side]))
    return tuple(replace(one, bias=bias) for one in found)


def _record(cls: type, arrays: Mapping[str, Array], prefix: str) -> Any:
    """A record of `cls` from the arrays named `prefix.<field>`; optional fields may be absent."""
    values = {}
    for field in fields(cls):
        name = f"{prefix}.{_FLAT.get(field.name, field.name)}"
        if name in arrays or field.default is not None:
            values[field.name] = arrays[name]
    return cls(**values)


def flatten(prefix: str, record: Any) -> dict[str, Array]:
    """The arrays of a record under their flat names, absent and shared ones left out."""
    named = (
        (_FLAT.get(field.name, field.name), getattr(record, field.name)) for field in fields(record)
    )
    return {
        f"{prefix}.{name}": array
        for name, array in named
        if array is not None and name != "bias"  # the stack holds it
    }


_FLAT = {"kept": "pattern"}
"""Fields whose arrays go by another name."""
