"""Collects named tensors during a forward pass, and freezes them to numpy."""

from __future__ import annotations

from torch import Tensor

from .arrays import Array


class Recorder:
    """Takes every tensor it is handed under a flat name such as `decoder.1.cross.pattern`.

    The forward pass computes the same with and without one. `result=True` also asks for the large
    per-head outputs z·W_O.
    """

    def __init__(self, result: bool = False) -> None:
        self.result = result
        self.tensors: dict[str, Tensor] = {}

    def __call__(self, prefix: str, **tensors: Tensor) -> None:
        """Keep tensors of one place, such as `decoder.1.cross`, by their names."""
        for name, tensor in tensors.items():
            self.tensors[f"{prefix}.{name}"] = tensor

    def arrays(self, row: int, n_src: int, n_tgt: int) -> dict[str, Array]:
        """The tensors of one sentence of the batch, its padding cut off, in float32 or bool.

        Args:
            row: which sentence of the batch.
            n_src, n_tgt: its true lengths in tokens.
        """
        return {
            name: _cut(name, tensor, row, n_src, n_tgt) for name, tensor in self.tensors.items()
        }


def _cut(name: str, tensor: Tensor, row: int, n_src: int, n_tgt: int) -> Array:
    """One sentence's part of a tensor; which axes are positions follows from the name."""
    side, *_, field = name.split(".")
    n_query = n_src if side == "encoder" else n_tgt
    n_key = n_src if ".cross." in name else n_query
    one = tensor[row if len(tensor) > 1 else 0]
    if field == "mask":
        one = one[0, :n_query, :n_key]
    elif field == "scale":
        pass
    elif field in ("pattern", "cut", "position_bias"):
        one = one[:, :n_query, :n_key]
    elif field in ("q", "z", "result"):
        one = one[:, :n_query]
    elif field in ("k", "v", "value_norm"):
        one = one[:, :n_key]
    else:
        one = one[:n_query]
    return one.numpy()
