"""One run taken apart: candidates, losses, heads silenced, parts of a logit, patches."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from typing import Any

import numpy as np

from headlight.model import AnySource, Model, Trace
from headlight.model.analysis.attribution.direct import attribute
from headlight.model.analysis.interventions import patching as _patching
from headlight.model.analysis.interventions.ablation import change, switched_off
from headlight.model.analysis.interventions.comparison import compare
from headlight.model.analysis.interventions.same_tokens import same_tokens
from headlight.model.analysis.stream.candidates import candidates as _candidates
from headlight.model.analysis.stream.embeddings import project
from headlight.model.run.edits import Head

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


def ablation(model: Model, run: AnySource | Trace, heads: Collection[Head]) -> Any:
    """What every token that was written loses when heads are silenced (z set to zero).

    Args:
        run: a source, or the trace of a run; the edits of that stay in force.
        heads: (kind, layer, head) of each.

    Returns:
        `pandas.DataFrame`: step, token, whole and ablated (log p, nats), change.

    Raises:
        ValueError: a head that there is not, or edits of the run that contradict this.

    >>> import headlight
    >>> layer = [("cross", 1, head) for head in range(4)]
    >>> lost = ablation(headlight.load("reverse"), "a b c d e f", layer)
    >>> bool(lost.change.min() < -1)
    True
    """
    import pandas as pd

    whole = as_trace(model, run)
    edits = whole.edits | switched_off(heads)
    without = model.run(whole.source, strategy=same_tokens(whole), edits=edits)
    return pd.DataFrame(
        {
            "step": range(len(whole.tgt_out)),
            "token": whole.tgt_out.pieces,
            "whole": whole.chosen_log_probs,
            "ablated": without.chosen_log_probs,
            "change": change(whole, without),
        }
    )


def ablation_bars(model: Model, run: AnySource | Trace, heads: Collection[Head]) -> Any:
    """`ablation` as a plotly figure: a bar a token.

    >>> import headlight
    >>> bars = ablation_bars(headlight.load("reverse"), "a b c", [("cross", 1, 0)])
    >>> len(bars.data[0].y)
    4
    """
    from headlight.viz.figures.signed_bars import signed_bars
    from headlight.viz.figures.tokens import axis_labels

    trace = as_trace(model, run)
    found = ablation(model, trace, heads)
    labels = axis_labels(trace.tgt_out)
    return signed_bars(found.change.to_numpy(), labels, title="Δ log p, nats")


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


def patching(
    model: Model,
    into: AnySource | Trace,
    source: AnySource | Trace,
    row: int,
    which: str = "heads",
) -> Any:
    """How far each part of one run, put into another, moves one row towards the run it is from.

    Args:
        into, source: the run that is patched, and the one that values come from, position by
            position.
        row: of the decoder: whose next token is looked at, by the logit of what `source` finds most
            probable there minus that of what `into` does.
        which: "stream", "heads" or "blocks".

    Returns:
        `pandas.DataFrame`: where, layer, head, position, share (0 not at all, 1 all the way).

    Raises:
        ValueError: runs that do not differ there, an unknown map, or a row that there is not.

    >>> import headlight
    >>> model = headlight.load("reverse")
    >>> found = patching(model, "a b c", "a b d", 0, "stream")
    >>> bool(found.share.max() > 0.9)
    True
    """
    import pandas as pd

    found = _patched(model, into, source, row, which)
    rows = [(c.where, c.layer, c.head, c.position, float(found.share(c))) for c in found.cells]
    frame = pd.DataFrame(rows, columns=["where", "layer", "head", "position", "share"])
    return frame.astype({"head": "Int64", "position": "Int64"})  # whole, or empty


def patching_map(
    model: Model,
    into: AnySource | Trace,
    source: AnySource | Trace,
    row: int,
    kind: str = "cross",
) -> Any:
    """`patching` of the heads of one kind as a plotly figure: layers × heads.

    Raises:
        ValueError: as in `patching`, or an unknown kind.

    >>> import headlight
    >>> model = headlight.load("reverse")
    >>> patching_map(model, "a b c", "a b d", 0).data[0].z.shape
    (2, 4)
    """
    from headlight.viz.figures.patching import patching_figure

    model.config.n_layers(kind)  # refuses an unknown one
    found = _patched(model, into, source, row, "heads")
    names = [f"H{head}" for head in range(model.config.heads(kind))]
    return patching_figure(found, kind, names)


def _patched(
    model: Model, into: AnySource | Trace, source: AnySource | Trace, row: int, which: str
) -> _patching.PatchingMap:
    if which not in _patching.MAPS:
        raise ValueError(f"There is no map “{which}”. There are: {', '.join(_patching.MAPS)}.")
    compared = compare(model, as_trace(model, into), as_trace(model, source), row)
    cells = _patching.cells(model, compared, which)
    return deque(_patching.patching_map(model, compared, cells), maxlen=1).pop()


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
