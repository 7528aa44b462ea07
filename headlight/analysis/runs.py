"""One run taken apart: candidates, strategies, a search, losses, parts of a logit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from headlight.model import AnySource, Model, Trace
from headlight.model.analysis.attribution.direct import attribute
from headlight.model.analysis.attribution.rollout import source_share
from headlight.model.analysis.interventions.first_difference import HeadShift, first_difference
from headlight.model.analysis.interventions.first_difference import head_shifts as _head_shifts
from headlight.model.analysis.stream.candidates import candidates as _candidates
from headlight.model.decoding import STRATEGIES, Beam, BeamTree, Sampling, Strategy
from headlight.model.decoding import strategy as _strategy
from headlight.model.run.arrays import Array

from .given import as_trace, check_count, check_step


def candidates(
    model: Model, run: AnySource | Trace, k: int = 8, sampling: Sampling | None = None
) -> Any:
    """The most probable next tokens of every step, and what was written.

    Args:
        sampling: adds the column `drawn`, the probability after its temperature, top-k and top-p.

    Returns:
        `pandas.DataFrame`: step, written (token), rank (1 is the most probable), token,
        probability; `written_rank`, `entropy` (nats) and `source_share` of the step: how much of
        its row came from the source by ALTI+ (Ferrando et al. 2022), the rest from the prefix;
        empty where vectors were put in that come from no token.

    Raises:
        ValueError: a trace of another model, or `k` below 1.

    >>> import headlight
    >>> first = candidates(headlight.load("reverse"), "a b c", k=1)
    >>> first[["written", "token", "written_rank"]].values.tolist()[0]
    ['c', 'c', 1]
    """
    import pandas as pd

    check_count("k", k)
    trace = as_trace(model, run)
    found = _candidates(trace, k)
    weighed = trace.probs if sampling is None else _drawn(model, trace, sampling)
    try:
        share = source_share(model, trace)
    except ValueError:
        share = np.full(len(found.ids), np.nan)
    rows = []
    for step, written in enumerate(trace.tgt_out.pieces):
        pieces = [model.tokenizer.piece(int(i)) for i in found.ids[step]]
        for rank, piece in enumerate(pieces, start=1):
            probability = float(found.probs[step, rank - 1])
            drawn = float(weighed[step, found.ids[step][rank - 1]])
            rows.append((step, written, rank, piece, probability, drawn, found.rank[step]))
    columns = ["step", "written", "rank", "token", "probability", "drawn", "written_rank"]
    frame = pd.DataFrame(rows, columns=columns)
    frame = frame.assign(entropy=found.entropy[frame.step], source_share=share[frame.step])
    return frame.drop(columns="drawn") if sampling is None else frame


def _drawn(model: Model, trace: Trace, sampling: Sampling) -> Array:
    """[T, V]: the probabilities that a sampling draws from."""
    return sampling.distribution(trace.log_probs, model.never_written)


def strategies(model: Model, source: AnySource, which: Sequence[str | Strategy] = ()) -> Any:
    """What several decoding strategies write for one source, and how probable it is.

    Args:
        which: names, or strategies with their options; greedy, sampling and beam by default.

    Returns:
        `pandas.DataFrame`: strategy (with its options), number (from 1, of the texts that a beam
        search keeps), text, log_prob (nats), per_token, tokens, finished. How fast they are,
        `python -m benchmarks` measures.

    Raises:
        ValueError: an unknown strategy, or a source that the model does not take.

    >>> import headlight
    >>> from headlight.model.decoding import Beam
    >>> found = strategies(headlight.load("reverse"), "a b c", ["greedy", Beam(2)])
    >>> found.groupby("strategy", sort=False).text.first().tolist()
    ['c b a', 'c b a']
    """
    import pandas as pd

    src, rows = model.read(source), []
    for one in map(_strategy, which or tuple(STRATEGIES)):
        first = model.decode(src, strategy=one)
        for number, text in enumerate(first.tree.best if first.tree else (first,), start=1):
            n, written = len(text.ids), model.write(text.ids, src).text
            probable = (text.log_prob, text.log_prob / n)
            rows.append((one.label, number, written, *probable, n, text.finished))
    columns = ["strategy", "number", "text", "log_prob", "per_token", "tokens", "finished"]
    return pd.DataFrame(rows, columns=columns)


def head_shifts(model: Model, run: AnySource | Trace, other: AnySource | Trace) -> Any:
    """Two targets for one source: the decoder's heads by how far they differ once these part.

    Args:
        run, other: two runs, such as one as it was written and one with a forced `prefix`.

    Returns:
        `pandas.DataFrame`: step (the one after the two part), kind, layer, head, distance (total
        variation of both rows, 0 the same to 1 nothing in common), largest first; empty where
        they do not part, or one of them ends there.

    Raises:
        ValueError: traces of another model, or of two sources.

    >>> import headlight
    >>> model = headlight.load("reverse")
    >>> forced = model.run("a b c", prefix=model.tokenizer.encode("b").ids[:1])
    >>> found = head_shifts(model, "a b c", forced)
    >>> int(found.step[0]), found.distance.is_monotonic_decreasing, len(found)
    (1, True, 16)
    """
    import pandas as pd

    first, second = as_trace(model, run), as_trace(model, other)
    if (first.src.ids, first.src.source) != (second.src.ids, second.src.source):
        raise ValueError("Both runs must read the same source.")
    frame = pd.DataFrame(_head_shifts(first, second), columns=HeadShift._fields)
    parted = first_difference(first, second)
    frame.insert(0, "step", pd.NA if parted is None else parted + 1)
    return frame


def beam(model: Model, source: AnySource, size: int = 5, length_penalty: float = 0.6) -> Any:
    """A beam search with everything that it weighed.

    Returns:
        `pandas.DataFrame`: parent (the row that a candidate goes on from, −1 for none), step,
        token, log_prob (of the token), total and score (of the text so far, nats; the score is
        divided by the length penalty), state ("kept", "dropped", "finished" or "cut off"), best
        (whether it is on the way to the best text).

    Raises:
        ValueError: a source, a size or a penalty that cannot be taken.

    >>> import headlight
    >>> found = beam(headlight.load("reverse"), "a b c", 2)
    >>> found[found.best].token.tolist()
    ['c', 'b', 'a', '<eos>']
    """
    import pandas as pd

    tree = _search(model, source, size, length_penalty)
    names = ("parent", "step", "log_prob", "total", "score", "state")
    frame = pd.DataFrame([{name: getattr(node, name) for name in names} for node in tree.nodes])
    frame.insert(2, "token", [model.tokenizer.piece(node.token_id) for node in tree.nodes])
    best = set(tree.path(tree.ends[0])) if tree.ends else set()
    return frame.assign(best=[i in best for i in range(len(tree.nodes))])


def beam_tree(model: Model, source: AnySource, size: int = 5, length_penalty: float = 0.6) -> Any:
    """`beam` as a plotly figure: the tree from the top down, the best text as its thick line.

    Raises:
        ValueError: as in `beam`.

    >>> import headlight
    >>> [one.name for one in beam_tree(headlight.load("reverse"), "a b c", 2).data][:3]
    ['dropped edges', 'kept edges', 'best edges']
    """
    from headlight.viz.figures.beam import beam_tree as figure
    from headlight.viz.figures.tokens import label

    tree = _search(model, source, size, length_penalty)
    return figure(tree, [label(model.tokenizer.piece(node.token_id)) for node in tree.nodes])


def _search(model: Model, source: AnySource, size: int, length_penalty: float) -> BeamTree:
    tree = model.decode(model.read(source), strategy=Beam(size, length_penalty)).tree
    assert tree is not None
    return tree


def losses(model: Model, source: AnySource, target: str) -> Any:
    """−log p of every token of a given target, beside what the model would have written.

    Returns:
        `pandas.DataFrame`: step, token, loss (nats), predicted.

    >>> import headlight
    >>> given = losses(headlight.load("reverse"), "a b c", "c a a")
    >>> given.predicted.tolist()[:2], bool(given.loss[1] > 1)
    (['c', 'b'], True)
    """
    import pandas as pd

    trace = model.teacher_force(source, target)
    rows = zip(trace.tgt_out.pieces, -trace.chosen_log_probs, trace.predicted.pieces, strict=True)
    return pd.DataFrame(
        [(step, token, float(loss), other) for step, (token, loss, other) in enumerate(rows)],
        columns=["step", "token", "loss", "predicted"],
    )


def losses_strip(model: Model, source: AnySource, target: str) -> Any:
    """`losses` as a plotly figure: a bar a token.

    >>> import headlight
    >>> len(losses_strip(headlight.load("reverse"), "a b c", "c a a").data)
    2
    """
    from headlight.viz.figures.surprise import surprise_strip
    from headlight.viz.figures.tokens import axis_labels

    trace = model.teacher_force(source, target)
    written, predicted = axis_labels(trace.tgt_out), axis_labels(trace.predicted)
    same = [a == b for a, b in zip(trace.tgt_out.ids, trace.predicted.ids, strict=True)]
    return surprise_strip(trace.chosen_log_probs, written, predicted, same)


def logit_parts(
    model: Model,
    run: AnySource | Trace,
    step: int,
    token: int | None = None,
    against: int | None = None,
) -> Any:
    """What every head, feed-forward block and bias added to the logit of one token.

    Args:
        token: its id; the one that was written by default.
        against: a second token's id: parts of the difference of the two logits.

    Returns:
        `pandas.DataFrame`: name, group, layer, head, value; the values sum to the logit, or to the
        difference.

    Raises:
        ValueError: a step or a token that there is not, or a run whose stream was patched or
            steered.

    >>> import headlight
    >>> trace = (model := headlight.load("reverse")).run("a b c")
    >>> parts = logit_parts(model, trace, 0)
    >>> bool(abs(parts.value.sum() - trace.logits[0, trace.tgt_out.ids[0]]) < 1e-3)
    True
    """
    import pandas as pd

    trace = as_trace(model, run)
    check_step(trace, step)
    chosen = trace.tgt_out.ids[step] if token is None else token
    shares = attribute(model, trace, step, chosen, against)
    names = ("name", "group", "layer", "head", "value")
    frame = pd.DataFrame([{name: getattr(one, name) for name in names} for one in shares])
    return frame.astype({"layer": "Int64", "head": "Int64"})  # whole, or empty


def logit_parts_bars(
    model: Model,
    run: AnySource | Trace,
    step: int,
    token: int | None = None,
    against: int | None = None,
    most: int = 16,
) -> Any:
    """`logit_parts` as a plotly figure: the largest parts, and all others in one bar.

    >>> import headlight
    >>> bars = logit_parts_bars(headlight.load("reverse"), "a b c", 0, most=5)
    >>> sum(len(one.x) for one in bars.data)
    6
    """
    from headlight.viz.figures.attribution import attribution_bars

    check_count("most", most)
    parts = logit_parts(model, run, step, token, against)
    names, values, groups = (parts[column].tolist() for column in ("name", "value", "group"))
    title = "part of the logit" if against is None else "part of the difference"
    return attribution_bars(names, values, groups, title=title, most=most)
