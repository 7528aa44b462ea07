"""Edits by the place where the network asks for them, and whether a model has these places."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...network.config import KINDS, ModelConfig
from .given import parted

if TYPE_CHECKING:
    from .value import Edits


class Change(NamedTuple):
    """One change within a block or a layer; None means all. A cut has no values."""

    head: int | None
    position: int | None
    key: int | None
    values: NDArray[np.float32]


def by_place(edits: Edits) -> dict[tuple[str, str, int], tuple[Change, ...]]:
    """(quantity, kind or stack, layer) → its changes. A cut of all layers stands under each."""
    found: dict[tuple[str, str, int], list[Change]] = defaultdict(list)
    for kind, layer, head, query, key in edits.cut:
        for one in range(_MOST) if layer is None else (layer,):
            found["cut", kind, one].append(Change(head, query, key, _array(())))
    for (kind, layer, head, query), weights in edits.set:
        found["set", kind, layer].append(Change(head, query, None, _array(weights)))
    for place, values in edits.patch:
        name, where, at, of_head, position = parted(place)
        found[name, where, at].append(Change(of_head, position, None, _array(values)))
    for stack, at, place_, c, direction in edits.steer:
        added = _array(c * np.array(direction))
        found["steer", stack, at].append(Change(None, place_, None, added))
    return {place: tuple(changes) for place, changes in found.items()}


_MOST = 100  # layers that a stack can have, see `ModelConfig`


def _array(values: Any) -> NDArray[np.float32]:
    return np.array(values, dtype=np.float32)


def check(edits: Edits, config: ModelConfig, n_src: int | None = None) -> None:
    """See `Edits.check`."""
    for kind, layer, head in edits.ablate | edits.uniform | {head for head, _ in edits.means}:
        _block(config, kind, layer, head)
    for place, mean in edits.means:
        _width(f"the mean of head {place}", mean, config.head_width(place[0]))
    for side, layer in edits.skip:
        _in_range("layer", layer, config.n_layers(f"{side}_self"), side)
    for kind, layer_, head_, _, _ in edits.cut:
        _block(config, kind, layer_, head_)
    for (kind, layer, head, query), weights in edits.set:
        _block(config, kind, layer, head)
        if n_src is not None and kind != "decoder_self" and len(weights) > n_src:
            raise ValueError(
                f"Row {query} of {kind} L{layer} H{head} was set by hand for a source of at least "
                f"{len(weights)} tokens; this one has {n_src}."
            )
    for patch, values in edits.patch:
        name, where, layer, of_head, _ = parted(patch)
        if where in KINDS:
            _block(config, where, layer, of_head)
        else:
            _in_range("layer", layer, config.n_layers(f"{where}_self"), where)
        width = config.head_width(where) if name == "z" else config.d_model
        _width(f"the patch of {' '.join(map(str, patch))}", values, width)
    for side, layer, _, _, direction in edits.steer:
        _in_range("layer", layer, config.n_layers(f"{side}_self") + 1, side)
        _width(f"the direction added in {side} L{layer}", direction, config.d_model)


def _block(config: ModelConfig, kind: str, layer: int | None, head: int | None) -> None:
    if layer is not None:
        _in_range("layer", layer, config.n_layers(kind), kind)
    if head is not None:
        _in_range("head", head, config.heads(kind), kind)


def _in_range(what: str, value: int, n: int, where: str) -> None:
    if not 0 <= value < n:
        raise ValueError(f"{what} {value!r} does not exist in {where}: 0 to {n - 1}")


def _width(what: str, values: tuple[float, ...], n: int) -> None:
    if len(values) != n:
        raise ValueError(f"{what} has {len(values)} numbers, not {n}")
