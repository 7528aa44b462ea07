"""What is lost when heads are switched off: in one sentence, and over a corpus."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from ...run.arrays import Array
from ...run.edits import Edits, Head
from ...run.runner import Model
from ...run.sources import AnySource
from ...run.tokens import Tokens
from ...run.trace import Trace
from ..corpus import batches, texts_of
from .loss import IdPair, Targets


def switched_off(
    heads: Iterable[Head], means: Mapping[Head, tuple[float, ...]] | None = None
) -> Edits:
    """The edits that set these heads' output z to zero, or to their mean over a corpus.

    Raises:
        ValueError: a head without a mean.
    """
    off = frozenset(heads)
    if means is None:
        return Edits(ablate=off)
    if missing := sorted(off - set(means)):
        kind, layer, head = missing[0]
        raise ValueError(f"There is no mean output for head {kind} L{layer} H{head}.")
    return Edits(ablate=off, means=tuple((head, means[head]) for head in sorted(off)))


def change(before: Trace, after: Trace) -> Array:
    """[T] nats: the log-probability of each token of `tgt_out`, after minus before.

    Raises:
        ValueError: the traces do not write the same tokens.
    """
    if before.tgt_out.ids != after.tgt_out.ids:
        raise ValueError("The two traces write different tokens: teacher-force the same target.")
    difference: Array = after.chosen_log_probs - before.chosen_log_probs
    return difference


def differing(old: Tokens, new: Tokens) -> tuple[list[bool], list[bool]]:
    """Which tokens of two outputs are not in both, in their order (longest matching blocks)."""
    matcher = SequenceMatcher(a=old.ids, b=new.ids, autojunk=False)
    kept_old, kept_new = set[int](), set[int]()
    for block in matcher.get_matching_blocks():
        kept_old |= set(range(block.a, block.a + block.size))
        kept_new |= set(range(block.b, block.b + block.size))
    return (
        [i not in kept_old for i in range(len(old))],
        [i not in kept_new for i in range(len(new))],
    )


@dataclass(frozen=True)
class LossRise:
    """Mean loss, in nats per token, of the whole and of the changed model, so far.

    The tokens are those that the whole model wrote by itself; `sentences` counts what was read.
    """

    whole: float
    changed: float
    sentences: int
    tokens: int

    @property
    def rise(self) -> float:
        """Δ loss in nats per token."""
        return self.changed - self.whole


def on_corpus(model: Model, lines: Sequence[AnySource], edits: Edits) -> Iterator[LossRise]:
    """The damage over a corpus, batch after batch; the last one is over all of it.

    Raises:
        ValueError: the model can read none of the lines.
    """
    texts = texts_of(model, lines)
    whole = changed = 0.0
    sentences = tokens = 0
    for batch in batches(model, texts):
        targets = Targets(model, own_outputs(model, batch))
        whole += targets.loss()
        changed += targets.loss(edits)
        sentences, tokens = sentences + len(batch), tokens + targets.n_tokens
        yield LossRise(whole / tokens, changed / tokens, sentences, tokens)


def own_outputs(model: Model, texts: Sequence[AnySource]) -> list[IdPair]:
    """The read sources and what the model writes for them, greedily."""
    read = [model.read(text) for text in texts]
    written = model.decode_batch(read)
    return [(one, out.ids) for one, out in zip(read, written, strict=True)]
