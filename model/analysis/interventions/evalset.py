"""What a changed model is held against: texts, right answers, and a score of its outputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random

from ...run.batching import batched
from ...run.runner import Model
from ...run.sources import AnySource
from ...tasks import SyntheticTask
from ...tasks.translate import Translate, read_pairs
from ..corpus import own_corpus, texts_of
from .ablation import own_outputs
from .loss import BATCH, IdPair
from .quality import Quality, bleu, share_of

SENTENCES = 200
HELD_OUT_SEED = 666_000
"""Seed of the fresh inputs; neither training nor the metrics of heads have seen them."""


@dataclass(frozen=True)
class EvalSet:
    """What a changed model is held against.

    Args:
        sources: texts to read.
        targets: ids of source and target, for the loss.
        quality: of decoded outputs.
        what: the sentences, in words.
    """

    sources: tuple[AnySource, ...]
    targets: tuple[IdPair, ...]
    quality: Quality
    what: str

    def said(self, *, quality: bool) -> str:
        """What was held against, in words; with the score where outputs were decoded."""
        return f"{self.what}; quality: {self.quality.name}" if quality else self.what


def eval_set(model: Model, n: int = SENTENCES, data: Path | None = None) -> EvalSet:
    """The best there is for a model: true answers where they are known, else its own.

    Fresh inputs for a synthetic task; the dev pairs for translation, where they are at hand.
    """
    return answered(model, n, data) or own_eval_set(model, own_corpus(model)[:n])


def answered(model: Model, n: int = SENTENCES, data: Path | None = None) -> EvalSet | None:
    """Inputs with right answers that nobody made of the model's own; None where there are none."""
    if isinstance(model.task, SyntheticTask):
        pairs = list(islice(model.task.pairs(HELD_OUT_SEED), n))
        answers = [target for _, target in pairs]
        return EvalSet(
            sources=tuple(source for source, _ in pairs),
            targets=tuple(_ids(model, *pair) for pair in pairs),
            quality=share_of("share of exact answers", answers),
            what=f"{n} fresh inputs",
        )
    if isinstance(model.task, Translate):
        try:
            return of_pairs(model, n, read_pairs(data, "dev"), "sentences of the Tatoeba dev set")
        except ValueError:
            pass
    return None


def own_eval_set(model: Model, lines: Sequence[AnySource]) -> EvalSet:
    """What the whole model wrote is taken for the truth: it needs no answers.

    Raises:
        ValueError: the model can read none of the lines.
    """
    texts = texts_of(model, lines)
    lengths = [len(model.read(text)) for text in texts]
    parts = batched(range(len(texts)), lengths, BATCH)
    targets = [pair for part in parts for pair in own_outputs(model, [texts[i] for i in part])]
    outputs = model.translate(texts)
    return EvalSet(
        sources=texts,
        targets=tuple(targets),
        quality=share_of("share of outputs unchanged", outputs),
        what=f"{len(texts)} sentences, against what the whole model writes",
    )


def of_pairs(model: Model, n: int, pairs: Sequence[tuple[str, str]], what: str) -> EvalSet:
    """Sources with one or more right translations each, `n` of them drawn at random."""
    references: dict[str, list[str]] = {}
    for source, target in pairs:
        references.setdefault(source, []).append(target)
    sources = tuple(Random(HELD_OUT_SEED).sample(list(references), min(n, len(references))))
    truth = [references[source] for source in sources]
    return EvalSet(
        sources=sources,
        targets=tuple(_ids(model, s, t[0]) for s, t in zip(sources, truth, strict=True)),
        quality=bleu(truth),
        what=f"{len(sources)} {what}",
    )


def _ids(model: Model, source: AnySource, target: str) -> IdPair:
    src, ids = model.read(source), model.tokenizer.encode(target).ids
    return src, (*model.begin(src), *ids, model.config.eos_id)
