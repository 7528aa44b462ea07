"""What one run of the model computed, frozen: plain numpy, no torch.

Letters in shapes: S source positions, T target positions, D d_model, V d_vocab. Everything counts
from zero.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from .. import files
from . import consistent, earlier, plausible, saved
from .arrays import Array
from .consistent import TOKENS
from .edits import Edits
from .records import AttentionRecord, StackRecord, block_path, flatten, from_arrays
from .sources import AnySource
from .tidy import tidy
from .tokens import Sides, Tokens, short

FORMAT = 2
"""Version of the saved file; raised when its names or their meaning change."""


@dataclass(frozen=True, eq=False)
class Trace(Sides):
    """Everything one run computed. Row t reads `tgt_in[t]` and writes `tgt_out[t]`.

    `tgt_out` is what was chosen or forced, `predicted` the most probable token of each row.
    `log_probs` are [T, V], and `log_norm` [T] is what was subtracted from the logits: the logarithm
    of the sum of their exponentials. `forced` counts the leading target tokens that were given
    and not chosen. `finished` tells whether the target ends in `<eos>`. `alignment_heads` are the
    (layer, head) of cross-attention that the checkpoint names as following a sound.
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
    log_probs: Array
    log_norm: Array
    strategy: str = "greedy"
    forced: int = 0
    finished: bool = True
    edits: Edits = Edits()
    alignment_heads: tuple[tuple[int, int], ...] = ()

    def __repr__(self) -> str:
        edited = ", edited" if self.edits else ""
        return (
            f"Trace({self.model}: {short(self.source_text)} → {short(self.output_text)}, "
            f"{len(self.src)} source and {len(self.tgt_out)} target tokens, "
            f"{self.strategy}{edited})"
        )

    def to_pandas(self) -> Any:
        """All attention weights as a `pandas.DataFrame`, one row a cell that is not masked: `tidy`.

        Columns: kind, layer, head, query and key (positions), query_piece (the token that the row
        reads), written (the token that a decoder's row writes; empty in the encoder), key_piece,
        weight.
        """
        kinds = {
            kind: ((record.pattern, record.mask) for record in records)
            for kind, records in self.attention.items()
        }
        return tidy(self, self.tgt_out, kinds)

    @property
    def memory(self) -> Array:
        """[S, D]: the encoder's output."""
        return self.encoder.output

    @property
    def logits(self) -> Array:
        """[T, V]: what the last layer gives, before the softmax."""
        return self.log_probs + self.log_norm[:, None]

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
        """Write the trace as one `.npz`; `Trace.load` gives back exactly the same numbers.

        A file of that name is replaced once the new one is whole, and not before.

        Raises:
            ValueError: it cannot be written there: no such folder, no permission, a full disk.
        """
        meta = {
            "format": FORMAT,
            "model": self.model,
            "digest": self.digest,
            "strategy": self.strategy,
            "forced": self.forced,
            "finished": self.finished,
            "edits": self.edits.to_dict(),
            "alignment_heads": self.alignment_heads,
            **{name: getattr(self, name).to_dict() for name in TOKENS},
        }
        header = np.frombuffer(json.dumps(meta).encode(), dtype=np.uint8)
        arrays: dict[str, Any] = {"meta": header, **self.to_arrays()}
        if self.src.source is not None:
            arrays[saved.SOURCE] = self.src.source.array
        if isinstance(file, str | Path) and Path(file).suffix != ".npz":
            file = f"{file}.npz"  # as NumPy names it
        with files.whole(file) as opened:
            np.savez_compressed(opened, **arrays)

    def to_arrays(self) -> dict[str, Array]:
        """Every array that is kept, under its flat name, such as `decoder.1.cross.pattern`."""
        arrays = {"log_probs": self.log_probs, "log_norm": self.log_norm}
        for side, stack in (("encoder", self.encoder), ("decoder", self.decoder)):
            for name in ("embed", "pos_embed", "output", "position_bias"):
                if getattr(stack, name) is not None:
                    arrays[f"{side}.{name}"] = getattr(stack, name)
            for i, layer in enumerate(stack.layers):
                arrays |= flatten(f"{side}.{i}", layer)
        for kind, records in self.attention.items():
            for i, record in enumerate(records):
                arrays |= flatten(block_path(kind, i), record)
        return arrays

    @classmethod
    def load(
        cls,
        file: str | Path | IO[bytes],
        *,
        most: int = saved.LARGEST,
        most_meta: int = saved.LARGEST_META,
    ) -> Trace:
        """Read a trace written by `save`, also by that of earlier versions; no pickle is ever read.

        Args:
            most: bytes that the file may take when it is unpacked.
            most_meta: bytes of its description, which is parsed.

        Raises:
            ValueError: the file cannot be opened, is damaged, not a trace, or too large; says which
                part is wrong.
        """
        name = file if isinstance(file, str | Path) else "The file"
        try:
            meta, arrays = saved.read(file, most, most_meta)
            given = {"src": arrays.pop(saved.SOURCE, None)}
            if meta["format"] in earlier.FORMATS:
                arrays = earlier.upgraded(arrays)
            elif meta["format"] != FORMAT:
                raise ValueError(f"format {meta['format']!r}, this version reads up to {FORMAT}")
            values: dict[str, Any] = {
                **{name: meta[name] for name in ("model", "digest", "strategy", "forced")},
                **{name: Tokens.from_dict(meta[name], given.get(name)) for name in TOKENS},
                **from_arrays(arrays),
                "finished": meta["finished"],
                "edits": Edits.from_dict(meta["edits"]),
                "alignment_heads": _pairs(meta.get("alignment_heads", ())),
            }
            trace = cls(**values)
            consistent.check(trace)
            plausible.check(trace)
        except OSError as error:
            raise ValueError(f"{name} cannot be opened: {files.in_words(error)}.") from error
        except Exception as error:  # a damaged file makes the readers of its parts raise anything
            said = str(error).rstrip(".")
            raise ValueError(
                f"{name} is not a run saved by Headlight, or it is damaged: {said}."
            ) from error
        return trace


def _pairs(values: Any) -> tuple[tuple[int, int], ...]:
    return tuple((int(layer), int(head)) for layer, head in values)
