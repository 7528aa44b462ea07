"""The shapes of fronts: frozen values, kept in a model's configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class TokensShape:
    """Source tokens with a table of their own.

    Args:
        d_vocab: number of source tokens.
    """

    d_vocab: int

    def n_numbers(self, d_model: int) -> int:
        """Entries of its matrices."""
        return self.d_vocab * d_model


@dataclass(frozen=True)
class MelShape:
    """Two convolutions over a log-mel spectrogram, the second of stride 2 (Radford et al. 2022).

    Args:
        n_mels: bands of the spectrogram.
    """

    n_mels: int

    def n_numbers(self, d_model: int) -> int:
        """Entries of its matrices."""
        return 3 * d_model * (self.n_mels + d_model)


FrontShape = TokensShape | MelShape
SHAPES: dict[str, type[TokensShape] | type[MelShape]] = {"tokens": TokensShape, "mel": MelShape}
"""The shape of each kind of front, by the name that `config.json` gives it."""


def to_dict(shape: FrontShape) -> dict[str, Any]:
    """Plain values, with the front's kind."""
    kind = next(name for name, cls in SHAPES.items() if isinstance(shape, cls))
    return {"kind": kind, **asdict(shape)}


def from_dict(values: Mapping[str, Any]) -> FrontShape:
    """The inverse of `to_dict`.

    Raises:
        ValueError: an unknown kind of front, or values that it does not have.
    """
    rest = {name: value for name, value in values.items() if name != "kind"}
    kind = values.get("kind")
    if kind not in SHAPES:
        raise ValueError(f"unknown front {kind!r}; use {', '.join(SHAPES)}")
    try:
        return SHAPES[kind](**rest)
    except TypeError as error:
        raise ValueError(f"the {kind} front is not described as it should be: {error}") from error
