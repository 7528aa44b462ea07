"""About when each written word was said: dynamic time warping over heads that follow the sound.

As the authors of Whisper get their word-level timestamps (openai/whisper, `timing.py`). The times
are no output of the model: they are read off its attention, to a fiftieth of a second at best. The
authors' rows have one more, of `<|endoftext|>` as it is read; a trace ends where that is written.

Letters in shapes: H heads, T rows, K source positions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...run.arrays import Array
from ...run.sources import Sound
from ...run.trace import Trace

SMOOTHED = 7
"""Positions that the median filter looks at."""


@dataclass(frozen=True)
class TimedWord:
    """A word, its tokens in `tgt_out`, and about when it begins and ends, in seconds."""

    text: str
    tokens: tuple[int, ...]
    start: float
    end: float


def word_times(trace: Trace) -> tuple[TimedWord, ...]:
    """The words of a transcript with approximate times; punctuation belongs to the word before it.

    Used are the checkpoint's `alignment_heads`, or all heads of the decoder's upper half where it
    names none.

    Raises:
        ValueError: the source is no sound.
    """
    if not isinstance(trace.src.source, Sound):
        raise ValueError("Only words that were written from a sound have times in it.")
    written = [i for i, special in enumerate(trace.tgt_out.special) if not special]
    if not written:
        return ()
    heard = sum(not special for special in trace.src.special)
    rows = range(written[0], written[-1] + 2)  # the last one ends the last word
    rows = range(rows.start, min(rows.stop, len(trace.tgt_out)))
    weights = np.stack(
        [
            trace.attention["cross"][layer].pattern[head, :, :heard]
            for layer, head in trace.alignment_heads or _upper_half(trace)
        ]
    )
    begins = first_positions(agreement(weights)[rows.start : rows.stop])
    seconds = [trace.src.places[at][0] for at in begins]
    seconds += [trace.src.source.seconds] * (len(trace.tgt_out) + 1 - rows.start - len(seconds))
    return tuple(_words(trace, rows.start, seconds))


def agreement(weights: Array) -> Array:
    """Weights [H, T, K] of heads -> how much each row is about each position [T, K].

    Rows are made to sum to 1 over the sound, every column is standardised over all rows (those of
    the start tokens, too), smoothed along the sound, and the heads are averaged.
    """
    shares = weights / np.maximum(weights.sum(-1, keepdims=True), 1e-12)
    spread = shares.std(-2, keepdims=True)
    standard = (shares - shares.mean(-2, keepdims=True)) / np.maximum(spread, 1e-12)
    found: Array = smoothed(standard).mean(0)
    return found


def smoothed(values: Array) -> Array:
    """The median of each value [.., K] and its neighbours, mirrored at both ends."""
    side = SMOOTHED // 2
    if values.shape[-1] <= side:
        return values
    around = [(0, 0)] * (values.ndim - 1) + [(side, side)]
    windows = np.lib.stride_tricks.sliding_window_view(
        np.pad(values, around, mode="reflect"), SMOOTHED, axis=-1
    )
    found: Array = np.median(windows, axis=-1)
    return found


def first_positions(match: Array) -> list[int]:
    """For each row of [T, K] the position at which the best way through it enters the row.

    The way starts in the first row at the first position, ends in the last row at the last one,
    never goes back, and adds up the most (dynamic time warping, Sakoe & Chiba 1978).
    """
    n_rows, n_columns = match.shape
    best = np.full((n_rows + 1, n_columns + 1), -np.inf)
    best[0, 0] = 0.0
    came = np.zeros((n_rows + 1, n_columns + 1), np.int8)
    for i in range(1, n_rows + 1):
        above, here, gains = best[i - 1], best[i], match[i - 1]
        for j in range(1, n_columns + 1):
            ways = above[j - 1], above[j], here[j - 1]
            came[i, j] = way = 0 if ways[0] > max(ways[1:]) else 1 if ways[1] > ways[2] else 2
            here[j] = gains[j - 1] + ways[way]
    return _entered(came)


def _entered(came: Array) -> list[int]:
    """Backwards along the way: where each row begins."""
    i, j = came.shape[0] - 1, came.shape[1] - 1
    found = [0] * i
    while i > 0 and j > 0:
        found[i - 1] = j - 1
        way = came[i, j]
        i, j = i - (way != 2), j - (way != 1)
    return found


def _upper_half(trace: Trace) -> list[tuple[int, int]]:
    n = trace.n_layers("cross")
    return [(layer, head) for layer in range(n // 2, n) for head in range(trace.heads("cross"))]


def _words(trace: Trace, first: int, seconds: list[float]) -> list[TimedWord]:
    """Tokens that follow each other without a space are one word."""
    groups: list[list[int]] = []
    for i in range(first, len(trace.tgt_out)):
        if trace.tgt_out.special[i]:
            continue
        begins = trace.tgt_out.spans[i][0]
        joined = groups and not (begins and trace.tgt_out.text[begins - 1].isspace())
        if joined and groups[-1][-1] == i - 1:
            groups[-1].append(i)
        else:
            groups.append([i])
    text, spans = trace.tgt_out.text, trace.tgt_out.spans
    return [
        TimedWord(
            text[spans[one[0]][0] : spans[one[-1]][1]].strip(),
            tuple(one),
            seconds[one[0] - first],
            seconds[one[-1] + 1 - first],
        )
        for one in groups
    ]
