"""Heads removed one by one: how far can one go? `headlight prune`.

The question of Voita et al. 2019 and of Michel et al. 2019 (section 4): the head to which the
output is least sensitive first, beside random orders, for each kind of attention and for all heads.
"""

from __future__ import annotations

import argparse
import json
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from statistics import mean, stdev
from typing import Any, NamedTuple

from tqdm import tqdm

from ...checkpoints.folder import load
from ...network.config import KINDS
from ...run.edits import Edits, Head
from ...run.runner import Model
from ..heads.files import read_atlas
from ..heads.table import HeadTable
from .evalset import EvalSet, eval_set, own_eval_set
from .loss import Targets

ALL = "all"
RANDOM_ORDERS = 10
MAX_POINTS = 12
"""Quality needs decoding, so it is taken in at most this many even steps, and at their start."""
RISE = 0.1
"""Nats per token that count as hardly worse. Up to there a random order is followed head by head,
and then in the steps of `MAX_POINTS`."""
RANKED = "sensitivity"
"""The order that begins with the head to which the output is least sensitive."""


@dataclass(frozen=True)
class Curve:
    """One order of removing heads.

    Args:
        heads: "all", or the kind of attention that is pruned.
        order: "sensitivity" (least sensitive first), or "random 0", "random 1", ...
        removed: the heads in the order of their removal.
        loss: nats per target token with the first n heads removed, for n = 0, 1, ...; None where it
            was not taken: at most steps of a random order whose loss has risen by `RISE`.
        quality: the same, None where it was not taken: at most steps, and in random orders.
    """

    heads: str
    order: str
    removed: tuple[Head, ...]
    loss: tuple[float | None, ...]
    quality: tuple[float | None, ...]


@dataclass(frozen=True)
class Pruning:
    """All curves of one model, and on what they were measured."""

    model: str
    digest: str
    what: str
    quality_name: str
    curves: tuple[Curve, ...]

    def __repr__(self) -> str:
        return f"Pruning({self.model}: {len(self.curves)} curves, on {self.what})"

    def write(self, path: Path) -> None:
        """As JSON."""
        path.write_text(json.dumps(asdict(self), separators=(",", ":")) + "\n", encoding="utf-8")


def read_pruning(path: Path) -> Pruning:
    """Curves that `Pruning.write` wrote.

    Raises:
        ValueError: the file is missing or damaged.
    """
    try:
        values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        curves = tuple(read_curve(one) for one in values.pop("curves"))
        return Pruning(curves=curves, **values)
    except (OSError, LookupError, TypeError, ValueError) as error:
        raise ValueError(f"{path} does not hold pruning curves: {error}") from error


def read_curve(values: Mapping[str, Any]) -> Curve:
    """A curve from its fields as JSON holds them."""
    lists = {name: tuple(values[name]) for name in ("loss", "quality")}
    removed = tuple((kind, layer, head) for kind, layer, head in values["removed"])
    return Curve(values["heads"], values["order"], removed, **lists)


def orders(atlas: HeadTable, heads: str, n_random: int = RANDOM_ORDERS) -> dict[str, list[Head]]:
    """Least sensitive first, and random orders that are the same every time."""
    chosen = atlas.heads(None if heads == ALL else heads)
    found = {RANKED: sorted(chosen, key=lambda head: atlas.value(RANKED, head))}
    for seed in range(n_random):
        found[f"random {seed}"] = Random(seed).sample(chosen, len(chosen))
    return found


def every_order(
    atlas: HeadTable, n_random: int = RANDOM_ORDERS
) -> Iterator[tuple[str, str, list[Head]]]:
    """(heads, order, the heads in that order): one for every curve."""
    for heads in (*KINDS, ALL):
        for order, removed in orders(atlas, heads, n_random).items():
            yield heads, order, removed


def remove(
    model: Model, measure: EvalSet, removed: Sequence[Head], *, decode: bool = True
) -> Iterator[Curve]:
    """One curve, longer by one point at each step; `heads` and `order` are left empty.

    Args:
        decode: whether quality is taken, and the loss at every step.

    Yields:
        len(removed) + 1 times; the last one is whole.
    """
    targets = Targets(model, measure.targets)
    every = max(1, -(-len(removed) // MAX_POINTS))
    loss, quality = list[float | None](), list[float | None]()
    followed = True
    for n in range(len(removed) + 1):
        edits = Edits(ablate=frozenset(removed[:n]))
        even = n % every == 0 or n == len(removed)
        found = None
        if decode or followed or even:
            found = targets.loss(edits) / targets.n_tokens
        loss.append(found)
        if found is not None and loss[0] is not None and found - loss[0] > RISE:
            followed = False
        outputs = model.translate(measure.sources, edits=edits) if decode and even else None
        quality.append(None if outputs is None else measure.quality(outputs))
        yield Curve("", "", tuple(removed), tuple(loss), tuple(quality))


def one_curve(
    model: Model, measure: EvalSet, heads: str, order: str, removed: Sequence[Head]
) -> Iterator[Curve]:
    """The curve of one order, longer by one point at each step; quality in the ranked one only."""
    for part in remove(model, measure, removed, decode=order == RANKED):
        yield Curve(heads, order, part.removed, part.loss, part.quality)


def n_prunable(curve: Curve, rise: float) -> int:
    """How many heads can go, in this order, before the loss has risen by more than `rise` nats.

    Raises:
        ValueError: `rise` is more than `RISE`, up to which random orders are followed.
    """
    if rise > RISE and None in curve.loss:
        raise ValueError(f"This order was followed up to a rise of {RISE} nats only.")
    whole, gone = curve.loss[0], 0
    for loss in curve.loss[1:]:
        if loss is None or whole is None or loss - whole > rise:
            break
        gone += 1
    return gone


class Spared(NamedTuple):
    """How many heads of a kind can go before the loss has risen by more than `rise` nats.

    `ranked` in the order of sensitivity; over the random orders mean, standard deviation, smallest
    and largest (all NaN or 0 where there is none).
    """

    of: int
    ranked: int
    mean: float
    deviation: float
    least: int
    most: int
    orders: int


def spared(pruning: Pruning, heads: str, rise: float = RISE) -> Spared:
    """The counts for one kind of attention, or for `ALL`."""
    curves = [one for one in pruning.curves if one.heads == heads]
    ranked = next(one for one in curves if one.order == RANKED)
    found = [n_prunable(one, rise) for one in curves if one.order != RANKED]
    return Spared(
        of=len(ranked.removed),
        ranked=n_prunable(ranked, rise),
        mean=mean(found) if found else float("nan"),
        deviation=stdev(found) if len(found) > 1 else float("nan"),
        least=min(found, default=0),
        most=max(found, default=0),
        orders=len(found),
    )


def n_steps(model: Model, n_random: int = RANDOM_ORDERS) -> int:
    """How often `prune` yields."""
    sizes = [model.config.n_layers(kind) * model.config.heads(kind) for kind in KINDS]
    return (1 + n_random) * sum(n + 1 for n in (*sizes, sum(sizes)))


def prune(
    model: Model, atlas: HeadTable, measure: EvalSet, n_random: int = RANDOM_ORDERS
) -> Iterator[Pruning]:
    """All curves, point after point; the last value holds all of them.

    The sensitivities in `atlas` should come from other sentences than `measure`.

    Raises:
        ValueError: the atlas is of other weights, or has no sensitivities.
    """
    if atlas.digest != model.digest:
        raise ValueError("The sensitivity to heads was measured on other weights.")
    if not atlas.has(RANKED):
        raise ValueError("The sensitivity to heads is not known: measure it first.")
    done: list[Curve] = []
    for heads, order, removed in every_order(atlas, n_random):
        for curve in one_curve(model, measure, heads, order, removed):
            curves = (*done, curve)
            yield Pruning(model.slug, model.digest, measure.what, measure.quality.name, curves)
        done.append(curve)


def main(argv: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="headlight prune", description=__doc__)
    parser.add_argument("--model", required=True, help="its name, or a checkpoint folder")
    parser.add_argument("--atlas", required=True, type=Path, help="its table of heads (Parquet)")
    parser.add_argument("--out", required=True, type=Path, help="the JSON file to write")
    parser.add_argument(
        "--corpus",
        type=Path,
        help="source texts instead of the task's own; other ones than the atlas was measured on",
    )
    parser.add_argument("--orders", type=int, default=RANDOM_ORDERS, help="random orders")
    parser.add_argument("--data", type=Path, help="folder with the translation corpora")
    options = parser.parse_args(argv)
    try:
        if not options.out.parent.is_dir():
            raise ValueError(f"The folder {options.out.parent} does not exist; make it first.")
        loaded, atlas = load(options.model), read_atlas(options.atlas)
        if options.corpus:
            lines = options.corpus.read_text(encoding="utf-8-sig").splitlines()
            measure = own_eval_set(loaded, lines)
        else:
            measure = eval_set(loaded, data=options.data)
        steps = prune(loaded, atlas, measure, options.orders)
        total = n_steps(loaded, options.orders)
        bar = tqdm(steps, total=total, unit="step", desc=loaded.slug)
        deque(bar, maxlen=1).pop().write(options.out)
    except (ValueError, OSError) as error:
        raise SystemExit(str(error)) from None
