"""Heads removed one by one: how far can one go? `headlight prune`.

The question of Voita et al. 2019 and of Michel et al. 2019 (section 4): least important head first,
beside a random order, for each kind of attention and for all heads together.
"""

from __future__ import annotations

import argparse
import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from tqdm import tqdm

from ...checkpoints.folder import load
from ...run.edits import Edits, Head
from ...run.runner import Model
from ...run.sources import AnySource
from ...run.trace import KINDS
from ...tasks import SyntheticTask
from ...tasks.base import share_equal
from ...tasks.translate import Translate, read_pairs, score
from ..corpus import own_corpus, texts_of
from ..heads.table import HeadTable, read_atlas
from .ablation import own_outputs
from .loss import BATCH, IdPair, Targets

ALL = "all"
RANDOM_ORDERS = 2
MOST_POINTS = 12
"""Quality needs decoding, so it is taken in at most this many even steps, and at their start."""
HELD_OUT_SEED = 666_000
"""Seed of the fresh inputs; neither training nor the importance of heads has seen them."""

Quality = Callable[[Sequence[str]], float]
"""From the outputs, one for each source, to how good they are."""


@dataclass(frozen=True)
class EvalSet:
    """What a pruned model is held against.

    Args:
        sources: texts to read.
        targets: ids of source and target, for the loss.
        quality: of decoded outputs.
        quality_name: what it is called, with its range.
        what: the sentences, in words.
    """

    sources: tuple[AnySource, ...]
    targets: tuple[IdPair, ...]
    quality: Quality
    quality_name: str
    what: str


@dataclass(frozen=True)
class Curve:
    """One order of removing heads.

    Args:
        heads: "all", or the kind of attention that is pruned.
        order: "importance" (least important first), or "random 0", "random 1", ...
        removed: the heads in the order of their removal.
        loss: nats per target token with the first n heads removed, for n = 0, 1, ...
        quality: the same, None where it was not taken.
    """

    heads: str
    order: str
    removed: tuple[Head, ...]
    loss: tuple[float, ...]
    quality: tuple[float | None, ...]


@dataclass(frozen=True)
class Pruning:
    """All curves of one model, and on what they were measured."""

    model: str
    digest: str
    what: str
    quality_name: str
    curves: tuple[Curve, ...]

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
        curves = tuple(_curve(one) for one in values.pop("curves"))
        return Pruning(curves=curves, **values)
    except (OSError, LookupError, TypeError, ValueError) as error:
        raise ValueError(f"{path} does not hold pruning curves: {error}") from error


def _curve(values: Mapping[str, Any]) -> Curve:
    lists = {name: tuple(values[name]) for name in ("loss", "quality")}
    removed = tuple((kind, layer, head) for kind, layer, head in values["removed"])
    return Curve(values["heads"], values["order"], removed, **lists)


def eval_set(model: Model, n: int = 100, data: Path | None = None) -> EvalSet:
    """The best there is for a model: true answers where they are known, else its own.

    Fresh inputs for a synthetic task; the dev pairs for translation, where they are at hand.
    """
    if isinstance(model.task, SyntheticTask):
        pairs = list(islice(model.task.pairs(HELD_OUT_SEED), n))
        answers = [target for _, target in pairs]
        return EvalSet(
            sources=tuple(source for source, _ in pairs),
            targets=tuple(_ids(model, *pair) for pair in pairs),
            quality=lambda outputs: share_equal(outputs, answers),
            quality_name="share of exact answers",
            what=f"{n} fresh inputs",
        )
    if isinstance(model.task, Translate):
        try:
            return _dev(model, n, read_pairs(data, "dev"))
        except ValueError:
            pass
    return own_eval_set(model, own_corpus(model)[:n])


def own_eval_set(model: Model, lines: Sequence[AnySource]) -> EvalSet:
    """What the whole model wrote is taken for the truth: it needs no answers.

    Raises:
        ValueError: the model can read none of the lines.
    """
    texts = texts_of(model, lines)
    parts = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
    targets = [pair for part in parts for pair in own_outputs(model, part)]
    outputs = model.translate(texts)
    return EvalSet(
        sources=texts,
        targets=tuple(targets),
        quality=lambda now: share_equal(now, outputs),
        quality_name="share of outputs unchanged",
        what=f"{len(texts)} sentences, against what the whole model writes",
    )


def _dev(model: Model, n: int, pairs: Sequence[tuple[str, str]]) -> EvalSet:
    references: dict[str, list[str]] = {}
    for source, target in pairs:
        references.setdefault(source, []).append(target)
    sources = tuple(Random(HELD_OUT_SEED).sample(list(references), min(n, len(references))))
    truth = [references[source] for source in sources]
    return EvalSet(
        sources=sources,
        targets=tuple(_ids(model, s, t[0]) for s, t in zip(sources, truth, strict=True)),
        quality=lambda outputs: score(list(outputs), truth)["bleu"],
        quality_name="BLEU",
        what=f"{len(sources)} sentences of the Tatoeba dev set",
    )


def _ids(model: Model, source: AnySource, target: str) -> IdPair:
    ids = model.tokenizer.encode(target).ids
    return model.read(source), (*ids, model.config.eos_id)


def orders(atlas: HeadTable, heads: str, n_random: int = RANDOM_ORDERS) -> dict[str, list[Head]]:
    """Least important first, and random orders that are the same every time."""
    chosen = atlas.heads(None if heads == ALL else heads)
    ranked = sorted(chosen, key=lambda head: atlas.value("importance", head))
    found = {"importance": ranked}
    for seed in range(n_random):
        found[f"random {seed}"] = Random(seed).sample(chosen, len(chosen))
    return found


def remove(model: Model, measure: EvalSet, removed: Sequence[Head]) -> Iterator[Curve]:
    """One curve, longer by one point at each step; `heads` and `order` are left empty.

    Yields:
        len(removed) + 1 times; the last one is whole.
    """
    targets = Targets(model, measure.targets)
    every = max(1, -(-len(removed) // MOST_POINTS))
    loss, quality = list[float](), list[float | None]()
    for n in range(len(removed) + 1):
        edits = Edits(ablate=frozenset(removed[:n]))
        loss.append(targets.loss(edits) / targets.n_tokens)
        decoded = n % every == 0 or n == len(removed)
        outputs = model.translate(measure.sources, edits=edits) if decoded else None
        quality.append(None if outputs is None else measure.quality(outputs))
        yield Curve("", "", tuple(removed), tuple(loss), tuple(quality))


def n_prunable(curve: Curve, rise: float) -> int:
    """How many heads can go, in this order, before the loss has risen by more than `rise` nats."""
    gone = 0
    for loss in curve.loss[1:]:
        if loss - curve.loss[0] > rise:
            break
        gone += 1
    return gone


def n_steps(atlas: HeadTable, n_random: int = RANDOM_ORDERS) -> int:
    """How often `prune` yields."""
    return sum(
        len(order) + 1
        for heads in (*KINDS, ALL)
        for order in orders(atlas, heads, n_random).values()
    )


def prune(
    model: Model, atlas: HeadTable, measure: EvalSet, n_random: int = RANDOM_ORDERS
) -> Iterator[Pruning]:
    """All curves, point after point; the last value holds all of them.

    Raises:
        ValueError: the atlas is of other weights, or has no importance.
    """
    if atlas.digest != model.digest:
        raise ValueError("The importance of heads was measured on other weights.")
    if not atlas.has("importance"):
        raise ValueError("The importance of heads is not known: measure it first.")
    done: list[Curve] = []
    for heads in (*KINDS, ALL):
        for order, removed in orders(atlas, heads, n_random).items():
            for part in remove(model, measure, removed):
                curve = Curve(heads, order, part.removed, part.loss, part.quality)
                curves = (*done, curve)
                yield Pruning(model.slug, model.digest, measure.what, measure.quality_name, curves)
            done.append(curve)


def main(argv: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="headlight prune", description=__doc__)
    parser.add_argument("--model", required=True, help="its name, or a checkpoint folder")
    parser.add_argument("--atlas", required=True, type=Path, help="its table of heads (Parquet)")
    parser.add_argument("--out", required=True, type=Path, help="the JSON file to write")
    parser.add_argument("--corpus", type=Path, help="source texts, instead of the task's own")
    parser.add_argument("--data", type=Path, help="folder with the translation corpora")
    options = parser.parse_args(argv)
    try:
        loaded, atlas = load(options.model), read_atlas(options.atlas)
        if options.corpus:
            lines = options.corpus.read_text(encoding="utf-8-sig").splitlines()
            measure = own_eval_set(loaded, lines)
        else:
            measure = eval_set(loaded, data=options.data)
        steps = prune(loaded, atlas, measure)
        bar = tqdm(steps, total=n_steps(atlas), unit="step", desc=loaded.slug)
        deque(bar, maxlen=1).pop().write(options.out)
    except (ValueError, OSError) as error:
        raise SystemExit(str(error)) from None
