"""Whether a folder's tensors are those of the network that its configuration describes.

What is wrong is told by the file's own names of tensors.
"""

from __future__ import annotations

import re
from pathlib import Path

import torch
from torch import Tensor

from ..errors import CheckpointError
from .family import Family, Weights

CONFIG = "config.json"
JOINED = ".in_proj."
NUMBER = re.compile(r"(?<=\.)\d+(?=\.)")
ENDING = re.compile(r"(weight|bias)$")


def check(
    weights: Weights, expected: Weights, family: Family, found: Weights, folder: Path
) -> dict[str, str]:
    """Hold tensors under our names against those of a network; the file's names by ours.

    Args:
        weights: what the folder has; q, k and v of a block by themselves, or joined.
        expected: the network's own, of any values.
        found: the same tensors under the file's names.

    Raises:
        CheckpointError: one is missing, has no place, or another shape.
    """
    shapes = _shapes(weights, expected)
    names = {ours: _name(ours, weights.get(ours), family, found) for ours in {*weights, *shapes}}
    if missing := sorted(set(shapes) - set(weights)):
        raise CheckpointError(
            f"The weights in {folder} do not have {names[missing[0]]}, which {CONFIG} asks for"
            f"{_and_more(missing)}."
        )
    if foreign := sorted(set(weights) - set(shapes)):
        raise CheckpointError(
            f"The weights in {folder} have {names[foreign[0]]}, which {CONFIG} has no place for"
            f"{_and_more(foreign)}."
        )
    for ours, tensor in weights.items():
        if list(tensor.shape) != shapes[ours]:
            raise CheckpointError(
                f"The weights in {folder}: {names[ours]} is {list(tensor.shape)}, but {CONFIG} "
                f"makes it {shapes[ours]}."
            )
    return names


def check_finite(name: str, tensor: Tensor, folder: Path) -> None:
    """Hold all numbers of a tensor to be finite in float32, without a copy of them.

    Raises:
        CheckpointError: one is not.
    """
    if not tensor.numel():
        return
    ends = torch.stack(torch.aminmax(tensor)).float()  # NaN where one of the numbers is
    if not bool(ends.isfinite().all()):
        raise CheckpointError(
            f"The weights in {folder}: {name} holds numbers that are not finite in float32."
        )


def _shapes(weights: Weights, expected: Weights) -> dict[str, list[int]]:
    """What each of our names should have; a bias may lack for some of q, k and v, but not all."""
    shapes = {}
    for name, tensor in expected.items():
        block, joined, part = name.partition(JOINED)
        apart = [f"{block}.{letter}.{part}" for letter in "qkv"]
        there = [one for one in apart if one in weights]
        if not joined or not there:
            shapes[name] = list(tensor.shape)
        else:
            third = [len(tensor) // 3, *tensor.shape[1:]]
            shapes |= dict.fromkeys(there if part == "bias" else apart, third)
    return shapes


def _name(ours: str, tensor: Tensor | None, family: Family, found: Weights) -> str:
    """What a file calls a tensor; of one that it lacks, what it would, going by its other names."""
    for name, one in found.items():
        if one is tensor:
            return name
    for name in found:
        for number in NUMBER.findall(ours) or [""]:
            for ending in ("weight", "bias"):
                like = ENDING.sub(ending, NUMBER.sub(number, name, count=1))
                if family.rename(like) == ours:
                    return like
    return ours


def _and_more(names: list[str]) -> str:
    return "" if len(names) == 1 else f", nor {len(names) - 1} more like it"
