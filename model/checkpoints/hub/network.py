"""A folder's configuration and tensors as our network, each tensor at its place or refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ...network.layout import lay_by_columns
from ...network.positions import fixed_table
from ...network.transformer import Transformer
from ..errors import CheckpointError
from . import FAMILIES, fitting
from .family import Family, Tables, Weights
from .fitting import CONFIG
from .objects import read_object
from .weights import read_tensors

BLOCK = re.compile(r"(.*attention)\.[qkv]\.(weight|bias)$")
COPIED = re.compile(
    rf"{BLOCK.pattern}|decoder\.\d+\..*(out_proj|up|gate|down)\.weight$"
    r"|(shared|target|unembedding\.weight)$"
)
"""What is joined, or laid by columns; most other tensors stay in the file, mapped."""


def read_config(folder: Path) -> dict[str, Any]:
    """`config.json` as it is.

    Raises:
        CheckpointError: it is missing or not a JSON object.
    """
    return read_object(folder / CONFIG)


def family_of(values: dict[str, Any], folder: Path) -> Family:
    """The family that a configuration names.

    Raises:
        CheckpointError: none of ours; says which there are.
    """
    kind = values.get("model_type")
    for family in FAMILIES:
        if kind in family.model_types:
            return family
    known = ", ".join(name for family in FAMILIES for name in family.model_types)
    raise CheckpointError(
        f"{folder / CONFIG} says the model is of type {str(kind)[:50]!r}. Headlight opens "
        f"encoder–decoder models of these types: {known}."
    )


def read_network(folder: Path) -> Transformer:
    """The network of a folder in hub layout, in float32.

    Raises:
        CheckpointError: an unknown family, a size that no model has, a tensor that is missing, of
            another shape, or has no place; names the file and the tensor.
    """
    network, weights, names = _placed(folder)
    joined = [name for name in weights if BLOCK.match(name)]
    for name in joined:
        fitting.check_finite(names[name], weights[name], folder)
    _join_projections(weights)  # what is copied goes before the rest is read: memory stays low
    for name in weights:
        fitting.check_finite(names.get(name, name), weights[name], folder)
        weights[name] = weights[name].float()
    network.load_state_dict(weights, assign=True)
    weights.clear()  # so that each goes as it is laid anew
    lay_by_columns(network)
    network.positions = fixed_table(network.config)
    return network.eval().requires_grad_(False)


def _placed(folder: Path) -> tuple[Transformer, Weights, dict[str, str]]:
    """An empty network, the tensors that belong to it, q, k and v still apart, and the file's names
    of these.
    """
    values = read_config(folder)
    family = family_of(values, folder)
    found = read_tensors(folder, lambda name: COPIED.match(family.rename(name)) is not None)
    weights = _ours(family, found)
    tables = _tables(weights, folder)
    try:
        config = family.config(values, tables)
    except (ValueError, TypeError, KeyError) as error:
        raise CheckpointError(
            f"{folder / CONFIG} describes no model we can build: {error}"
        ) from error
    family.adapt(weights, config)
    with torch.device("meta"):  # nothing is allocated before the file has been found to fit
        network = Transformer(config)
    names = fitting.check(weights, network.state_dict(), family, found, folder)
    return network, weights, names


def _ours(family: Family, found: dict[str, Tensor]) -> Weights:
    """Tensors under our names, without those that nothing reads."""
    renamed = {name: family.rename(name) for name in found}
    return {
        new: found[name]
        for name, new in renamed.items()
        if not re.search(family.unused, new) and not re.search(family.unused, name)
    }


def _tables(weights: Weights, folder: Path) -> Tables:
    """Settle which embedding tables there are, and put them where our network has them."""
    shared = weights.pop("shared", None)
    source, target = weights.pop("source", None), weights.pop("target", None)
    out = weights.pop("unembedding.weight", None)
    target = next((one for one in (target, shared, source, out) if one is not None), None)
    if target is None:
        raise CheckpointError(f"{folder} has no embedding table among its weights.")
    source = next((one for one in (source, shared) if one is not None), target)
    apart = not _same(source, target)
    weights["embedding.weight"] = target
    if apart:
        weights["front.embedding.weight"] = source
    tied = out is None or _same(out, target)
    if out is not None and not tied:
        weights["unembedding.weight"] = out
    bias = weights.pop("logits_bias", None)
    if bias is not None and bool(bias.any()):
        weights["logits_bias"] = bias.flatten()
    return Tables(apart, len(source), len(target), tied, "logits_bias" in weights)


def _same(one: Tensor, other: Tensor) -> bool:
    return one is other or (one.shape == other.shape and bool(torch.equal(one, other)))


def _join_projections(weights: Weights) -> None:
    """q, k and v one under the other, as `in_proj` has them; a bias that one of them lacks is 0."""
    blocks = {match[1] for name in weights if (match := BLOCK.match(name))}
    for block in sorted(blocks):
        for part in ("weight", "bias"):
            three = [weights.pop(f"{block}.{letter}.{part}", None) for letter in "qkv"]
            there = [one for one in three if one is not None]
            if len(there) == 3 or (there and part == "bias"):
                rows = [torch.zeros_like(there[0]) if one is None else one for one in three]
                weights[f"{block}.in_proj.{part}"] = torch.cat(rows)
