"""Four answers to "which source word did this output word come from?", and how well they agree.

What really changes when a word is blanked (leave-one-word-out) is what the others are held against:
the question of Jain & Wallace 2019 ("Attention is not explanation") and of Wiegreffe & Pinter 2019
("Attention is not not explanation"), asked of one sentence at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ...run.runner import Model
from ...run.trace import Array, Tokens, Trace
from .rollout import norm_rollout, rollout
from .saliency import chunks, gradient_chunks, leave_out_chunks


@dataclass(frozen=True)
class Method:
    """One way to tell source words apart.

    Args:
        slug, title: its names.
        definition: what is computed, in one sentence.
        unit: of its numbers.
        source: the paper.
        signed: whether numbers below zero have a meaning.
    """

    slug: str
    title: str
    definition: str
    unit: str
    source: str
    signed: bool


LEAVE_OUT = Method(
    "leave_out",
    "leave one word out",
    "Log-probability of the token with the word minus without it: the word is hidden from all "
    "encoder and cross-attention heads and the model is run again.",
    "nats",
    "Li et al. 2016",
    True,
)
METHODS: tuple[Method, ...] = (
    LEAVE_OUT,
    Method(
        "gradient",
        "gradient × input",
        "Gradient of the token's log-odds log p / (1 − p) at the word's embedding, times the "
        "embedding.",
        "nats",
        "Denil et al. 2014",
        True,
    ),
    Method(
        "norm_rollout",
        "norm-based rollout",
        "Shares carried through encoder, decoder self- and cross-attention, weighted by the norms "
        "‖α·v·W_O‖ and, for the stream itself, ‖x‖.",
        "share",
        "Kobayashi et al. 2020, 2021; Abnar & Zuidema 2020",
        False,
    ),
    Method(
        "rollout",
        "attention rollout",
        "Shares carried through the same blocks by the mean attention weights of each layer's "
        "heads, half and half with the stream itself.",
        "share",
        "Abnar & Zuidema 2020, equation 1",
        False,
    ),
)


@dataclass(frozen=True)
class Sources:
    """The answers for one trace.

    Attributes:
        words: the source words as text.
        scores: by method, [T, W].
        tau: by method, [T]: Kendall's τ_b between the sizes of its scores and those of leaving a
            word out, over the words; NaN where all words are equal.
    """

    words: tuple[str, ...]
    scores: Mapping[str, Array]
    tau: Mapping[str, Array]

    def mean_tau(self, slug: str) -> float:
        """The mean over the rows that have one; NaN where none has."""
        rows = self.tau[slug][np.isfinite(self.tau[slug])]
        return float(rows.mean()) if len(rows) else float("nan")


def sources(model: Model, trace: Trace) -> Sources:
    """All answers for all rows of a trace that has no edits.

    Raises:
        ValueError: the trace is of another or of a changed model, which this does not run.
    """
    *_, found = steps(model, trace)
    assert found is not None
    return found


def n_steps(trace: Trace) -> int:
    """How many times `steps` yields."""
    return len(chunks(trace, len(source_words(trace.src)))) + len(chunks(trace, len(trace.tgt_out)))


def steps(model: Model, trace: Trace) -> Iterator[Sources | None]:
    """`sources`, a few words or rows at a time; None until the last, which is the result.

    Raises:
        ValueError: as in `sources`.
    """
    groups = source_words(trace.src)
    lost, gradients = [], []
    for columns in leave_out_chunks(model, trace, groups):
        lost.append(columns)
        yield None
    for rows in gradient_chunks(model, trace):
        gradients.append(rows)
        if sum(map(len, gradients)) < len(trace.tgt_out):
            yield None
    scores = {
        "leave_out": np.concatenate(lost, axis=1),
        "gradient": merge(np.concatenate(gradients), groups),
        "norm_rollout": merge(norm_rollout(trace), groups),
        "rollout": merge(rollout(trace), groups),
    }
    truth = np.abs(scores["leave_out"])
    tau = {
        slug: np.array([kendall(a, b) for a, b in zip(np.abs(rows), truth, strict=True)])
        for slug, rows in scores.items()
    }
    yield Sources(tuple(word_text(trace.src, group) for group in groups), scores, tau)


def source_words(tokens: Tokens) -> list[tuple[int, ...]]:
    """The positions of each word's tokens; control tokens belong to no word."""
    groups: dict[int, list[int]] = {}
    for i, word in enumerate(tokens.words):
        if not tokens.special[i]:
            groups.setdefault(word, []).append(i)
    return [tuple(group) for group in groups.values()]


def word_text(tokens: Tokens, group: tuple[int, ...]) -> str:
    """What a word's tokens stand for in the text."""
    start, end = tokens.spans[group[0]][0], tokens.spans[group[-1]][1]
    return tokens.text[start:end].strip() or tokens.pieces[group[0]]


def merge(values: Array, groups: list[tuple[int, ...]]) -> Array:
    """[T, S] -> [T, W]: the sum over each word's tokens."""
    return np.stack([values[:, list(group)].sum(-1) for group in groups], axis=-1)


def kendall(a: Array, b: Array) -> float:
    """Kendall's rank correlation τ_b in [−1, 1], ties accounted for (Kendall 1945).

    NaN where one side has no two different values.
    """
    up_a, up_b = (np.sign(np.subtract.outer(one, one)) for one in (a, b))
    size = float(np.sqrt((up_a**2).sum() * (up_b**2).sum()))
    return float((up_a * up_b).sum()) / size if size else float("nan")
