"""One run taken apart: candidates, a search, losses, parts of a logit; and all embeddings."""

from __future__ import annotations

from typing import Any

import numpy as np

from headlight.model import AnySource, Model, Trace
from headlight.model.analysis.attribution.direct import attribute
from headlight.model.analysis.stream.candidates import candidates as _candidates
from headlight.model.analysis.stream.embeddings import project
from headlight.model.decoding import Beam, BeamTree

from .given import as_trace, check_count, check_step


def candidates(model: Model, run: AnySource | Trace, k: int = 8) -> Any:
    """The most probable next tokens of every step, and what was written.

    Returns:
        `pandas.DataFrame`: step, written (token), rank (1 is the most probable), token,
        probability; `written_rank` and `entropy` (nats) of the step.

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
    rows = []
    for step, written in enumerate(trace.tgt_out.pieces):
        pieces = [model.tokenizer.piece(int(i)) for i in found.ids[step]]
        for rank, piece in enumerate(pieces, start=1):
            probability = float(found.probs[step, rank - 1])
            rows.append((step, written, rank, piece, probability, found.rank[step]))
    columns = ["step", "written", "rank", "token", "probability", "written_rank"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(entropy=frame.step.map(lambda step: float(found.entropy[step])))


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


def logit_parts(model: Model, run: AnySource | Trace, step: int, token: int | None = None) -> Any:
    """What every head, feed-forward block and bias added to the logit of one token.

    Args:
        token: its id; the one that was written by default.

    Returns:
        `pandas.DataFrame`: name, group, layer, head, value; the values sum to the logit.

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
    shares = attribute(model, trace, step, trace.tgt_out.ids[step] if token is None else token)
    names = ("name", "group", "layer", "head", "value")
    frame = pd.DataFrame([{name: getattr(one, name) for name in names} for one in shares])
    return frame.astype({"layer": "Int64", "head": "Int64"})  # whole, or empty


def logit_parts_bars(
    model: Model, run: AnySource | Trace, step: int, token: int | None = None, most: int = 16
) -> Any:
    """`logit_parts` as a plotly figure: the largest parts, and all others in one bar.

    >>> import headlight
    >>> bars = logit_parts_bars(headlight.load("reverse"), "a b c", 0, most=5)
    >>> sum(len(one.x) for one in bars.data)
    6
    """
    from headlight.viz.figures.attribution import attribution_bars

    check_count("most", most)
    parts = logit_parts(model, run, step, token)
    names, values, groups = (parts[column].tolist() for column in ("name", "value", "group"))
    return attribution_bars(names, values, groups, title="part of the logit", most=most)


def embeddings(model: Model, n: int = 3) -> Any:
    """All tokens along the `n` directions in which their embeddings differ most (PCA).

    Returns:
        `pandas.DataFrame`: id, token, and the columns 0 to n − 1.

    Raises:
        ValueError: `n` is not from 1 to d_model.

    >>> import headlight
    >>> embeddings(headlight.load("reverse"), 2).shape
    (30, 4)
    """
    import pandas as pd

    check_count("n", n, most=model.config.d_model)
    points = project(model, n).points
    pieces = [model.tokenizer.piece(i) for i in range(len(points))]
    frame = pd.DataFrame(np.asarray(points), columns=list(range(n)))
    frame.insert(0, "token", pieces)
    frame.insert(0, "id", range(len(points)))
    return frame


def embeddings_map(model: Model, n: int = 2) -> Any:
    """`embeddings` as a plotly figure in two or three dimensions.

    Raises:
        ValueError: `n` is neither 2 nor 3.

    >>> import headlight
    >>> len(embeddings_map(headlight.load("reverse")).data[0].x)
    30
    """
    from headlight.viz.figures.embeddings import embedding_map

    check_count("n", n, 2, 3)
    found = project(model, n)
    pieces = [model.tokenizer.piece(i) for i in range(len(found.points))]
    return embedding_map(found.points, found.explained, pieces, {})
