"""What the output really depends on: gradients, and the model run again with a word blanked.

Letters in shapes: T target rows, S source positions, W source words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor

from ...network.source import Source
from ...run.arrays import Array
from ...run.pace import breathe
from ...run.runner import Model
from ...run.trace import Trace

AT_ONCE = 32
"""Most rows or words in one pass."""
STEPS = 16
"""Points on the way from the baseline to the input."""
CELLS = 32 * 64 * 64
"""Bound on rows × tokens² in one pass, so that long sentences come fewer at a time."""


def gradient_times_input(model: Model, trace: Trace) -> Array:
    """g·x of every source token for every token written (Denil et al. 2014).

    x is the token's embedding, without its position, and g the gradient at x of the log-odds
    log p / (1 − p) of `tgt_out[t]`: how far they would fall, to first order, if x shrank to zero.
    (The gradient of log p points the same way, but vanishes where p is near 1.)

    Returns:
        [T, S] in nats, signed.

    Raises:
        ValueError: the trace is of another or of a changed model, which this does not run.
    """
    return np.concatenate(list(gradient_chunks(model, trace)))


def integrated_gradients(model: Model, trace: Trace, n_steps: int = STEPS) -> Array:
    """The gradient averaged on the straight way from zero to each embedding, times the embedding.

    Integrated gradients (Sundararajan et al. 2017, section 3), the integral taken at the middles
    of `n_steps` equal parts. The baseline is a source whose words have the embedding zero, with its
    positions and its `<eos>` as they are. Summed over the source this is the difference of
    the log-odds at the two ends of the way, up to the error of the sum.

    Returns:
        [T, S] in nats, signed; the column of `<eos>` is 0.

    Raises:
        ValueError: as in `gradient_times_input`; `n_steps` below 1.
    """
    if n_steps < 1:
        raise ValueError(f"n_steps must be 1 or more, not {n_steps}.")
    total = sum(
        np.concatenate(list(gradient_chunks(model, trace, (i + 0.5) / n_steps)))
        for i in range(n_steps)
    )
    kept = ~np.array(trace.src.special)
    mean: Array = np.where(kept, total / n_steps, 0.0)
    return mean


def gradient_chunks(model: Model, trace: Trace, scale: float = 1.0) -> Iterator[Array]:
    """The gradient at scaled word embeddings, times the embeddings: rows, some at a time."""
    _check(model, trace)
    for rows in chunks(trace, len(trace.tgt_out)):
        breathe()
        yield _gradients(model, trace, rows, scale)


def chunks(trace: Trace, n: int) -> list[range]:
    """`n` rows or words of a trace in portions that fit into memory."""
    longest = max(len(trace.src), len(trace.tgt_in))
    size = max(1, min(AT_ONCE, CELLS // longest**2))
    return [range(start, min(start + size, n)) for start in range(0, n, size)]


def _check(model: Model, trace: Trace) -> None:
    model.check_trace(trace)
    if trace.edits:
        raise ValueError("From output to source is computed for the whole model, without edits.")


def _gradients(model: Model, trace: Trace, steps: Sequence[int], scale: float = 1.0) -> Array:
    """One pass forward for all steps, and one backward with a row of the decoder for each.

    A row's log-odds depend on its own row of the decoder alone, so their gradient is taken down to
    there first, and from there to the embeddings for all rows at once.
    """
    network, rows = model.network, torch.tensor(steps)
    chosen = torch.tensor(trace.tgt_out.ids)[rows]
    with torch.enable_grad():
        x, mask = network.read(model.source([trace.src]))  # [1, S, D]
        control = torch.tensor(trace.src.special)[:, None]
        scaled = torch.where(control, x, scale * x).detach().requires_grad_()
        memory = network.encode_stream(scaled, mask)
        y = network.decode(torch.tensor([trace.tgt_in.ids]), memory)  # [1, T, D]
        last = y[0, rows].detach().requires_grad_()
        odds = _log_odds(network.unembed(last), chosen)
        (at_last,) = torch.autograd.grad(odds.sum(), last)
        upstream = torch.zeros(len(steps), *y.shape)
        upstream[torch.arange(len(steps)), 0, rows] = at_last
        (gradient,) = torch.autograd.grad(y, scaled, upstream, is_grads_batched=True)
    return (gradient[:, 0] * x.detach()).sum(-1).double().numpy()


def _log_odds(logits: Tensor, tokens: Tensor) -> Tensor:
    """[n]: log p / (1 − p) of one token for each row; logits [n, V], tokens [n]."""
    others = logits.scatter(-1, tokens[:, None], -torch.inf)
    return logits.gather(-1, tokens[:, None])[:, 0] - others.logsumexp(-1)


def leave_one_out(model: Model, trace: Trace, words: Sequence[Sequence[int]]) -> Array:
    """What each written token loses when a source word is blanked (Li et al. 2016).

    A blanked word is hidden from every encoder and cross-attention head, as padding is; the others
    keep their positions. The target is the same, so row t compares the same token after the same
    prefix.

    Args:
        words: the positions of each word's tokens.

    Returns:
        [T, W] nats: log p with the word − log p without; above 0, the word spoke for the token.

    Raises:
        ValueError: no words, or the trace is of another or of a changed model, which this does not
            run.
    """
    return np.concatenate(list(leave_out_chunks(model, trace, words)), axis=1)


def leave_out_chunks(model: Model, trace: Trace, words: Sequence[Sequence[int]]) -> Iterator[Array]:
    """The columns of `leave_one_out`, `chunks` of them after each other."""
    _check(model, trace)
    if not words:
        raise ValueError("There are no words to leave out.")
    whole = trace.chosen_log_probs.astype(np.float64)
    kept = torch.ones(len(words), len(trace.src), dtype=torch.bool)
    for row, word in zip(kept, words, strict=True):
        row[list(word)] = False
    for some in chunks(trace, len(words)):
        breathe()
        with torch.inference_mode():
            mask = kept[some.start : some.stop]
            whole_source = model.source([trace.src]).repeated(len(mask))
            source = Source(whole_source.values, mask=mask)
            tgt_in = torch.tensor([trace.tgt_in.ids]).expand(len(mask), -1)
            tgt_out = torch.tensor([trace.tgt_out.ids]).expand(len(mask), -1)
            log_probs = model.network(source, tgt_in).log_softmax(-1)
            chosen = log_probs.gather(-1, tgt_out[..., None])[..., 0]  # [words, T]
        lost: Array = whole - chosen.double().numpy()
        yield lost.T
