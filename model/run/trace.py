"""What one run of the model computed, frozen: plain numpy, no torch.

Letters in shapes: S source positions, T target positions, Q query positions, K key positions,
H heads, D d_model, E d_head, F d_ff, V d_vocab. Everything counts from zero.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from ..network.config import KINDS as KINDS
from . import plausible, saved, sources
from .edits import Edits
from .sources import AnySource, Picture, Sound

Array = NDArray[Any]

FORMAT = 1
"""Version of the saved file; raised when its names or their meaning change."""


@dataclass(frozen=True)
class Tokens:
    """A sequence of tokens as drawn, with where each stands in the text.

    `spans[i]` is (start, end) in characters of `text`; (n, n) for a token that has no text of its
    own. `words[i]` counts words from zero, punctuation being a word of its own; -1 for control
    tokens. `special[i]` is True for control tokens (`<bos>`, `<eos>`, `<pad>`).

    Where a picture or a sound was read, `source` is it, each "token" is a position of the encoder,
    and `places[i]` is (start, end) of what it stands for: columns, or seconds.
    """

    text: str
    ids: tuple[int, ...]
    pieces: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    words: tuple[int, ...]
    special: tuple[bool, ...]
    source: Picture | Sound | None = None
    places: tuple[tuple[float, float], ...] = ()

    def __len__(self) -> int:
        return len(self.ids)

    def __repr__(self) -> str:
        return f"Tokens({_short(self.text)}: {_short(' '.join(self.pieces))}, {len(self)} tokens)"

    def surface(self, i: int) -> str:
        """The characters of `text` that token `i` stands for; its piece when there are none."""
        start, end = self.spans[i]
        return self.text[start:end] or self.pieces[i]

    def to_dict(self) -> dict[str, Any]:
        """Plain lists, without the numbers of a picture or a sound."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        if self.source is None:
            return {name: values[name] for name in values if name not in ("source", "places")}
        return values | {"source": self.source.to_dict()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], source: Array | None = None) -> Tokens:
        """From the plain lists of a saved trace, and the numbers of its picture or sound."""
        return cls(
            text=values["text"],
            ids=tuple(values["ids"]),
            pieces=tuple(values["pieces"]),
            spans=tuple((start, end) for start, end in values["spans"]),
            words=tuple(values["words"]),
            special=tuple(values["special"]),
            source=None if source is None else sources.from_dict(values["source"], source),
            places=tuple((start, end) for start, end in values.get("places", ())),
        )


def _short(text: str, most: int = 40) -> str:
    """A text in quotation marks on one line, cut where it is long."""
    line = " ".join(text.split())
    return f"“{line if len(line) <= most else line[: most - 1] + '…'}”"


class Sides:
    """Whose tokens stand at the rows and columns of a map of each kind of attention."""

    src: Tokens
    tgt_in: Tokens

    def queries(self, kind: str) -> Tokens:
        """The tokens of the rows ("from"): the source, or what the decoder reads."""
        return self.src if kind == "encoder_self" else self.tgt_in

    def keys(self, kind: str) -> Tokens:
        """The tokens of the columns ("to"): the source, or what the decoder reads."""
        return self.tgt_in if kind == "decoder_self" else self.src


@dataclass(frozen=True, eq=False)
class AttentionRecord:
    """One attention block: every number between its input and its output.

    Shapes:
        q [H, Q, E]; k, v [H, K, E]: after the projection, split into heads.
        raw_scores [H, Q, K]: q·kᵀ / √d_head, before the mask.
        mask [Q, K] bool: True = may attend.
        pattern [H, Q, K]: softmax of `attn_scores`; each row sums to 1.
        z [H, Q, E]: pattern · v.
        value_norm [H, K]: ‖v·W_O‖ of each head (Kobayashi et al. 2020, eq. 5: times `pattern`).
        out [Q, D]: the block's output, Σ over heads of z·W_O, plus b_O.
        result [H, Q, D] or None: z·W_O of each head, kept only on request.
        cut [H, Q, K] bool or None: True = the mask allows this edge, but an edit cut it.
    """

    q: Array
    k: Array
    v: Array
    raw_scores: Array
    mask: Array
    pattern: Array
    z: Array
    value_norm: Array
    out: Array
    result: Array | None = None
    cut: Array | None = None

    @property
    def attn_scores(self) -> Array:
        """[H, Q, K]: `raw_scores`, with −inf where a query may not attend, or where it was cut."""
        open_edges = self.mask if self.cut is None else self.mask & ~self.cut
        return np.where(open_edges, self.raw_scores, np.float32(-np.inf))

    @property
    def norm_weighted(self) -> Array:
        """[H, Q, K]: `pattern` × `value_norm`, ‖αf(x)‖ (Kobayashi et al. 2020, eq. 5)."""
        return self.pattern * self.value_norm[:, None, :]


@dataclass(frozen=True, eq=False)
class LayerRecord:
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


@dataclass(frozen=True, eq=False)
class StackRecord:
    """One stack: what enters it, its layers, and what leaves it.

    Shapes: embed [pos, D], token embedding × √d_model; pos_embed [pos, D], the sinusoids;
    output [pos, D], after the final norm where the model has one.
    """

    embed: Array
    pos_embed: Array
    layers: tuple[LayerRecord, ...]
    output: Array


@dataclass(frozen=True, eq=False)
class Trace(Sides):
    """Everything one run computed. Row t reads `tgt_in[t]` and writes `tgt_out[t]`.

    `tgt_out` is what was chosen or forced, `predicted` the most probable token of each row.
    `logits` and `log_probs` are [T, V]. `forced` counts the leading target tokens that were given
    and not chosen. `finished` tells whether the target ends in `<eos>`.
    """

    model: str
    digest: str
    src: Tokens
    tgt_in: Tokens
    tgt_out: Tokens
    predicted: Tokens
    attention: Mapping[str, tuple[AttentionRecord, ...]]
    encoder: StackRecord
    decoder: StackRecord
    logits: Array
    log_probs: Array
    strategy: str = "greedy"
    forced: int = 0
    finished: bool = True
    edits: Edits = Edits()

    def __repr__(self) -> str:
        edited = ", edited" if self.edits else ""
        return (
            f"Trace({self.model}: {_short(self.source_text)} → {_short(self.output_text)}, "
            f"{len(self.src)} source and {len(self.tgt_out)} target tokens, "
            f"{self.strategy}{edited})"
        )

    def to_pandas(self) -> Any:
        """All attention weights as a tidy `pandas.DataFrame`: one row a cell that is not masked.

        Columns: kind, layer, head, query and key (positions), query_piece (the token that the row
        reads), written (the token that a decoder's row writes; empty in the encoder), key_piece,
        weight.
        """
        import pandas as pd

        frames = []
        for kind, records in self.attention.items():
            queries, keys = self.queries(kind).pieces, self.keys(kind).pieces
            written = self.tgt_out.pieces if kind != "encoder_self" else ("",) * len(queries)
            for layer, record in enumerate(records):
                mask = np.broadcast_to(record.mask, record.pattern.shape)
                head, query, key = np.nonzero(mask)
                columns: dict[str, Any] = {
                    "kind": kind,
                    "layer": layer,
                    "head": head,
                    "query": query,
                    "key": key,
                    "query_piece": np.array(queries, object)[query],
                    "written": np.array(written, object)[query],
                    "key_piece": np.array(keys, object)[key],
                    "weight": record.pattern[mask],
                }
                frames.append(pd.DataFrame(columns))
        return pd.concat(frames, ignore_index=True)

    @property
    def memory(self) -> Array:
        """[S, D]: the encoder's output."""
        return self.encoder.output

    @property
    def probs(self) -> Array:
        """[T, V]: next-token probabilities."""
        return np.exp(self.log_probs)

    @property
    def source(self) -> AnySource:
        """What was read: a text, a picture or a sound."""
        return self.src.text if self.src.source is None else self.src.source

    @property
    def source_text(self) -> str:
        """The text that was read, or what kind of picture or sound it was."""
        return self.src.text

    @property
    def output_text(self) -> str:
        """The text of `tgt_out`."""
        return self.tgt_out.text

    @property
    def chosen_log_probs(self) -> Array:
        """[T]: the log-probability of each token of `tgt_out`; their sum is the sequence's."""
        return self.log_probs[np.arange(len(self.tgt_out)), list(self.tgt_out.ids)]

    def n_layers(self, kind: str) -> int:
        """Number of layers of a kind of attention."""
        return len(self.attention[kind])

    def heads(self, kind: str) -> int:
        """Number of heads in the blocks of a kind of attention."""
        return len(self.attention[kind][0].q)

    @property
    def n_heads(self) -> int:
        """Heads in every block of the decoder, and of the encoder in all but a few models."""
        return self.heads("cross")

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        return sum(array.nbytes for array in self.to_arrays().values())

    def save(self, file: str | Path | IO[bytes]) -> None:
        """Write the trace as one `.npz`; `Trace.load` gives back exactly the same numbers."""
        meta = {
            "format": FORMAT,
            "model": self.model,
            "digest": self.digest,
            "strategy": self.strategy,
            "forced": self.forced,
            "finished": self.finished,
            "edits": self.edits.to_dict(),
            **{name: getattr(self, name).to_dict() for name in _TOKENS},
        }
        header = np.frombuffer(json.dumps(meta).encode(), dtype=np.uint8)
        arrays: dict[str, Any] = {"meta": header, **self.to_arrays()}
        if self.src.source is not None:
            arrays[saved.SOURCE] = self.src.source.array
        np.savez_compressed(file, **arrays)

    def to_arrays(self) -> dict[str, Array]:
        """Every array under its flat name, such as `decoder.1.cross.pattern`."""
        arrays = {"logits": self.logits, "log_probs": self.log_probs}
        for side, stack in (("encoder", self.encoder), ("decoder", self.decoder)):
            for name in ("embed", "pos_embed", "output"):
                arrays[f"{side}.{name}"] = getattr(stack, name)
            for i, layer in enumerate(stack.layers):
                arrays |= _flatten(f"{side}.{i}", layer)
        for kind, records in self.attention.items():
            for i, record in enumerate(records):
                arrays |= _flatten(address(kind, i), record)
        return arrays

    @classmethod
    def load(cls, file: str | Path | IO[bytes], *, most: int = saved.LARGEST) -> Trace:
        """Read a trace written by `save`; no pickle is ever read.

        Args:
            most: bytes that the file may take when it is unpacked.

        Raises:
            ValueError: the file is damaged, not a trace, or too large; says which part is wrong.
        """
        try:
            meta, arrays = saved.read(file, most)
            given = {"src": arrays.pop(saved.SOURCE, None)}
            if meta["format"] != FORMAT:
                raise ValueError(f"format {meta['format']!r}, this version reads {FORMAT}")
            values: dict[str, Any] = {
                **{name: meta[name] for name in ("model", "digest", "strategy", "forced")},
                **{name: Tokens.from_dict(meta[name], given.get(name)) for name in _TOKENS},
                **from_arrays(arrays),
                "finished": meta["finished"],
                "edits": Edits.from_dict(meta["edits"]),
            }
            trace = cls(**values)
            trace._check()
            plausible.check(trace)
        except Exception as error:  # a damaged file makes the readers of its parts raise anything
            name = file if isinstance(file, str | Path) else "The file"
            raise ValueError(
                f"{name} is not a run saved by Headlight, or it is damaged: {error}."
            ) from error
        return trace

    def _check(self) -> None:
        """Refuse a file whose parts do not fit each other."""
        if len(self.tgt_in) != len(self.tgt_out) or len(self.predicted) != len(self.tgt_out):
            raise ValueError("tgt_in, tgt_out and predicted differ in length")
        if self.logits.shape != self.log_probs.shape or len(self.logits) != len(self.tgt_out):
            raise ValueError("logits and log_probs do not fit the target")
        for name in _TOKENS:
            if not _whole(getattr(self, name), self.logits.shape[1]):
                raise ValueError(f"{name} does not say what its tokens are")
        if not all(isinstance(one, str) for one in (self.model, self.digest, self.strategy)):
            raise ValueError("model, digest and strategy must be names")
        if not isinstance(self.forced, int) or not 0 <= self.forced <= len(self.tgt_out):
            raise ValueError(f"forced is {self.forced!r}, of {len(self.tgt_out)} tokens")
        d_model = self.memory.shape[1]
        for kind in KINDS:
            if not self.attention[kind]:
                raise ValueError(f"there are no layers of {kind}")
            n_query, n_key = len(self.queries(kind)), len(self.keys(kind))
            n_heads, d_head = self.heads(kind), self.attention[kind][0].q.shape[2]
            shapes = {
                **dict.fromkeys(("pattern", "raw_scores"), (n_heads, n_query, n_key)),
                **dict.fromkeys(("q", "z"), (n_heads, n_query, d_head)),
                **dict.fromkeys(("k", "v"), (n_heads, n_key, d_head)),
                "mask": (n_query, n_key),
                "value_norm": (n_heads, n_key),
                "out": (n_query, d_model),
            }
            for i, record in enumerate(self.attention[kind]):
                for name, shape in shapes.items():
                    if getattr(record, name).shape != shape:
                        raise ValueError(f"{address(kind, i)}.{name} is not of shape {shape}")
                if record.cut is not None and record.cut.shape != record.pattern.shape:
                    raise ValueError(f"{address(kind, i)}.cut is not of the pattern's shape")
        for name, array in self.to_arrays().items():
            n = len(self.src if name.startswith("encoder.") else self.tgt_in)
            if name.split(".")[-1] in _STREAM and len(array) != n:
                raise ValueError(f"{name} does not have {n} rows")
            if array.dtype != (np.bool_ if name.endswith((".mask", ".cut")) else np.float32):
                raise ValueError(f"{name} is of type {array.dtype}")
            if not np.isfinite(array).all():
                raise ValueError(f"{name} holds numbers that are not finite")


_TOKENS = ("src", "tgt_in", "tgt_out", "predicted")
_STREAM = {"embed", "pos_embed", "output", *(field.name for field in fields(LayerRecord))}


def _whole(tokens: Tokens, d_vocab: int) -> bool:
    """Whether every token has an id below `d_vocab`, a piece, a place in the text and a word."""
    n, end = len(tokens), len(tokens.text)
    return (
        all(len(part) == n for part in (tokens.pieces, tokens.spans, tokens.words, tokens.special))
        and all(isinstance(piece, str) for piece in (tokens.text, *tokens.pieces))
        and all(isinstance(i, int) and 0 <= i < d_vocab for i in tokens.ids)
        and all(isinstance(word, int) and -1 <= word < max(n, end) for word in tokens.words)
        and all(0 <= start <= stop <= end for start, stop in tokens.spans)
        and len(tokens.places) == (0 if tokens.source is None else n)
        and all(0 <= start <= stop for start, stop in tokens.places)
    )


def address(kind: str, layer: int) -> str:
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
    attention = {
        kind: tuple(
            _record(AttentionRecord, arrays, address(kind, i))
            for i in range(depth["encoder" if kind == "encoder_self" else "decoder"])
        )
        for kind in KINDS
    }
    stacks = {
        side: StackRecord(
            embed=arrays[f"{side}.embed"],
            pos_embed=arrays[f"{side}.pos_embed"],
            layers=tuple(_record(LayerRecord, arrays, f"{side}.{i}") for i in range(n)),
            output=arrays[f"{side}.output"],
        )
        for side, n in depth.items()
    }
    return {
        "attention": attention,
        **stacks,
        "logits": arrays["logits"],
        "log_probs": arrays["log_probs"],
    }


def _record(cls: type, arrays: Mapping[str, Array], prefix: str) -> Any:
    """A record of `cls` from the arrays named `prefix.<field>`; optional fields may be absent."""
    values = {}
    for field in fields(cls):
        name = f"{prefix}.{field.name}"
        if name in arrays or field.default is not None:
            values[field.name] = arrays[name]
    return cls(**values)


def _flatten(prefix: str, record: Any) -> dict[str, Array]:
    """The arrays of a record under their flat names, absent ones left out."""
    named = ((field.name, getattr(record, field.name)) for field in fields(record))
    return {f"{prefix}.{name}": array for name, array in named if array is not None}
