"""Interventions: one frozen value that says what to change in a run, passed as an argument."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from ..network.config import ModelConfig

Head = tuple[str, int, int]
"""(kind, layer, head), such as ("cross", 1, 3)."""


@dataclass(frozen=True)
class Edits:
    """What to change in a run; the default changes nothing. Hashable, so it can key a cache.

    Args:
        ablate: heads whose `z` is set to zero, or to their entry in `means`.
        means: (head, vector of d_head numbers) pairs, or a mapping: the heads' mean `z` over a
            corpus, used in place of zero for the heads in `ablate`.
        uniform: heads whose pattern is made equal over all keys they may attend to.
        skip: layers left out, as ("encoder" | "decoder", layer). Such a layer is still computed and
            recorded, but the stream passes it by.
        causal_mask: False lets the decoder see the tokens to its right.
        positions: False leaves the sinusoids out.
        scale: False leaves out the division by √d_head.
        cross_attention: False leaves every cross-attention block out.

    Raises:
        ValueError: one of the four that can be False is neither True nor False.
    """

    ablate: frozenset[Head]
    means: tuple[tuple[Head, tuple[float, ...]], ...]
    uniform: frozenset[Head]
    skip: frozenset[tuple[str, int]]
    causal_mask: bool
    positions: bool
    scale: bool
    cross_attention: bool

    def __init__(
        self,
        ablate: Iterable[Head] = (),
        means: Mapping[Head, Iterable[float]] | Iterable[tuple[Head, Iterable[float]]] = (),
        uniform: Iterable[Head] = (),
        skip: Iterable[tuple[str, int]] = (),
        causal_mask: bool = True,
        positions: bool = True,
        scale: bool = True,
        cross_attention: bool = True,
    ) -> None:
        pairs = means.items() if isinstance(means, Mapping) else means
        values = {
            "ablate": frozenset(map(tuple, ablate)),
            "means": tuple(sorted((tuple(head), tuple(map(float, z))) for head, z in pairs)),
            "uniform": frozenset(map(tuple, uniform)),
            "skip": frozenset(map(tuple, skip)),
            "causal_mask": causal_mask,
            "positions": positions,
            "scale": scale,
            "cross_attention": cross_attention,
        }
        for name in ("causal_mask", "positions", "scale", "cross_attention"):
            if not isinstance(values[name], bool):
                raise ValueError(f"{name} must be True or False, not {values[name]!r}")
        for name, value in values.items():
            object.__setattr__(self, name, value)  # frozen for everyone else

    def __bool__(self) -> bool:
        """True when anything is changed."""
        return self != Edits()

    def heads(self, name: str, kind: str, layer: int) -> list[int]:
        """The heads of one block named in `ablate` or `uniform`, ascending."""
        return sorted(h for k, i, h in getattr(self, name) if (k, i) == (kind, layer))

    def check(self, config: ModelConfig) -> None:
        """Make sure that everything named exists in a model of this shape.

        Raises:
            ValueError: an unknown kind, or a layer or head out of range.
        """
        for kind, layer, head in self.ablate | self.uniform | {head for head, _ in self.means}:
            _in_range("layer", layer, config.n_layers(kind), kind)
            _in_range("head", head, config.n_heads, kind)
        for place, vector in self.means:
            if len(vector) != config.d_head:
                raise ValueError(
                    f"the mean of head {place} has {len(vector)} numbers, not {config.d_head}"
                )
        for side, layer in self.skip:
            if side not in ("encoder", "decoder"):
                raise ValueError(f"unknown stack {side!r}; use encoder or decoder")
            _in_range("layer", layer, config.n_layers(f"{side}_self"), side)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; sets become sorted lists."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: sorted(map(list, value)) if isinstance(value, frozenset) else value
            for name, value in values.items()
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Edits:
        """The inverse of `to_dict`."""
        return cls(**values)


def _in_range(what: str, value: int, n: int, where: str) -> None:
    if not isinstance(value, int) or not 0 <= value < n:
        raise ValueError(f"{what} {value!r} does not exist in {where}: 0 to {n - 1}")
