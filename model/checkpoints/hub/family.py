"""What a family of checkpoints is: how its configuration and its tensors' names read as ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from ...network.config import ModelConfig

Values = Mapping[str, Any]
Weights = dict[str, Tensor]
Names = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Family:
    """One architecture of the hub; one file each, named in this folder's `__init__`.

    Args:
        model_types: what `model_type` in `config.json` may be.
        title: what it is called.
        names: regular expressions and what they become, one after the other, from the hub's names
            to those of `Transformer.state_dict()`. The three projections of attention come out as
            `…attention.q.weight`, `.k.` and `.v.`; tables as `shared`, `source`, `target`.
        config: the shape, from `config.json` and what the weights tell.
        unused: tensors that old folders hold and nothing reads.
        adapt: changes to tensors under our names, such as rows that are never read.
    """

    model_types: tuple[str, ...]
    title: str
    names: Names
    config: Callable[[Values, Tables], ModelConfig]
    unused: str = r"(?!)"
    adapt: Callable[[Weights, ModelConfig], None] = lambda weights, config: None

    def rename(self, name: str) -> str:
        """A tensor's name in our network."""
        for pattern, new in self.names:
            name = re.sub(pattern, new, name)
        return name


@dataclass(frozen=True)
class Tables:
    """What the weights tell about vocabularies: which tables there are, and which are the same.

    Args:
        apart: source and target have tables of their own, of other numbers.
        n_source, n_target: their rows.
        tied: the output projection is the target's table.
        logits_bias: a bias for the logits is there, and not all zero.
    """

    apart: bool
    n_source: int
    n_target: int
    tied: bool
    logits_bias: bool


def control_ids(values: Values, start: int | None = None) -> dict[str, Any]:
    """`pad_id`, `bos_id` (what the decoder reads first), `eos_id`, `unk_id` from `config.json`."""
    eos = values.get("eos_token_id")
    eos = eos[0] if isinstance(eos, list) else eos
    pad, first = values.get("pad_token_id"), values.get("decoder_start_token_id", start)
    if first is None:
        first = start if start is not None else values.get("bos_token_id", pad)
    return {"pad_id": eos if pad is None else pad, "bos_id": first, "eos_id": eos, "unk_id": None}


def size(values: Values, *names: str, default: int | None = None) -> int:
    """A size under the first of several names.

    Raises:
        ValueError: none of them is there, or it is not a whole number.
    """
    for name in names:
        if values.get(name) is not None:
            value = values[name]
            if not isinstance(value, int) or isinstance(value, bool):
                raise ValueError(f"{name} must be a whole number, not {value!r}")
            return value
    if default is None:
        raise ValueError(f"{names[0]} is missing")
    return default
