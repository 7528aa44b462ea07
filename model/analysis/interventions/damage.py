"""What edits do to fresh inputs: a generator of steps, so that it can be watched and cancelled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from ...run.edits import Edits
from ...run.runner import Model
from ...run.sources import AnySource
from ...tasks import SyntheticTask
from ..corpus import own_corpus, readable
from .loss import IdPair, Targets

INPUTS = 200
BATCH = 10
FRESH_SEED = 771_000
"""Synthetic inputs are made from this seed; training and measuring use others."""
EXAMPLES = 5


@dataclass(frozen=True)
class Damage:
    """What was counted so far.

    Args:
        done, total: inputs.
        right_before, right_after: answers that are exactly right, plain and edited; None where the
            task does not know the right answer.
        same: outputs that the edits did not change.
        loss_before, loss_after: mean −ln p a target token, in nats, plain and edited, on the right
            answers, or on what the plain model writes.
        examples: the first inputs whose output changed: (input, or what stands on a picture or in
            a sound, plain output, edited output).
    """

    done: int
    total: int
    right_before: int | None
    right_after: int | None
    same: int
    loss_before: float
    loss_after: float
    examples: tuple[tuple[str, str, str], ...]


def n_steps(n: int = INPUTS) -> int:
    """How many times `damage` yields."""
    return -(-n // BATCH)


def damage(
    model: Model, edits: Edits, n: int = INPUTS, *, lines: Sequence[AnySource] | None = None
) -> Iterator[Damage]:
    """Decode `n` inputs plainly and edited, batch after batch; the last value is the result.

    Args:
        lines: the inputs, of which the first `n` that the model takes are used; None for those that
            come with the project.

    Raises:
        ValueError: edits that the model does not have, or no inputs for it.
    """
    edits.check(model.config)
    pairs = _inputs(model, n, lines)
    if not pairs:
        raise ValueError("There are no sentences that this model could be tried on.")
    knows = pairs[0][1] is not None
    right, same, tokens, losses = [0, 0], 0, 0, [0.0, 0.0]
    examples: list[tuple[str, str, str]] = []
    for start in range(0, len(pairs), BATCH):
        batch = pairs[start : start + BATCH]
        sources = [model.read(text) for text, _ in batch]
        limit = _limit(model, max(map(len, sources)))
        plain = model.decode_batch(sources, limit)
        edited = model.decode_batch(sources, limit, edits)
        targets: list[IdPair] = []
        for (_, answer), src, one, two in zip(batch, sources, plain, edited, strict=True):
            before, after = (model.write(written.ids, src).text for written in (one, two))
            right[0] += before == answer
            right[1] += after == answer
            same += one.ids == two.ids
            if one.ids != two.ids and len(examples) < EXAMPLES:
                named = src.text if src.source is None or answer is None else answer
                examples.append((named, before, after))
            eos = model.config.eos_id
            target = one.ids if answer is None else (*model.tokenizer.encode(answer).ids, eos)
            targets.append((src, target))
        measured = Targets(model, targets)
        tokens += measured.n_tokens
        losses[0] += measured.loss()
        losses[1] += measured.loss(edits)
        yield Damage(
            done=start + len(batch),
            total=len(pairs),
            right_before=right[0] if knows else None,
            right_after=right[1] if knows else None,
            same=same,
            loss_before=losses[0] / tokens,
            loss_after=losses[1] / tokens,
            examples=tuple(examples),
        )


def _inputs(
    model: Model, n: int, lines: Sequence[AnySource] | None
) -> list[tuple[AnySource, str | None]]:
    """(text, right answer) of fresh inputs; the answer is None where only the model knows it."""
    if lines is None and isinstance(model.task, SyntheticTask):
        return list(islice(model.task.pairs(FRESH_SEED), n))
    try:
        texts = readable(model, own_corpus(model) if lines is None else lines).texts
    except OSError:
        texts = ()
    return [(text, None) for text in texts[:n]]


def _limit(model: Model, longest: int) -> int:
    """Most target tokens: the checkpoint's own, else so many, as an edited model may never stop."""
    return min(model.rules.max_len or longest + 20, model.config.max_positions)
