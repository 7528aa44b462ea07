"""Runs under changes: what edits, silenced heads, patches, paths and steering do to them."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypedDict, Unpack

import numpy as np

from headlight.model import AnySource, Edits, Model, Trace
from headlight.model.analysis.corpus import texts_of
from headlight.model.analysis.interventions import patching as _patching
from headlight.model.analysis.interventions import path, steering
from headlight.model.analysis.interventions.ablation import change, switched_off
from headlight.model.analysis.interventions.comparison import Comparison, compare
from headlight.model.analysis.interventions.damage import INPUTS
from headlight.model.analysis.interventions.damage import damage as _damage
from headlight.model.analysis.interventions.same_tokens import same_tokens
from headlight.model.network.config import KINDS
from headlight.model.run.edits import Head

from .given import as_trace, check_count

Pairing = str | Mapping[int, int]
"""Which positions answer to which: "position", "word", or pairs by hand (`into` → `source`)."""


class How(TypedDict, total=False):
    """How two runs are set against each other.

    Attributes:
        metric: "logit" (that of `token` minus that of `against`, the default), "log_prob" (of
            `token`) or "kl".
        token, against: ids; what `source`, and what `into`, finds most probable there by default.
        align, align_target: how positions of the two sources, and of the two targets, are paired;
            by position by default.
    """

    metric: str
    token: int | None
    against: int | None
    align: Pairing
    align_target: Pairing


def effect(model: Model, run: AnySource | Trace, edits: Edits) -> Any:
    """What edits do to every token that was written, the same tokens being written again.

    Args:
        run: a source, or the trace of a run; the edits of that stay in force.

    Returns:
        `pandas.DataFrame`: step, token, before and after (log p, nats), change.

    Raises:
        ValueError: edits that the model does not have, or that contradict those of the run.

    >>> import headlight
    >>> blind = headlight.Edits(cut={("cross", None, None, 0, 2)})     # row 0 may not look at “c”
    >>> found = effect(headlight.load("reverse"), "a b c", blind)
    >>> bool(found.change[0] < -1), found.token[0]
    (True, 'c')
    """
    import pandas as pd

    before = as_trace(model, run)
    if not isinstance(edits, Edits):
        raise ValueError(f"edits must be a headlight.Edits(…), not {edits!r:.100}")
    after = model.run(before.source, strategy=same_tokens(before), edits=before.edits | edits)
    return pd.DataFrame(
        {
            "step": range(len(before.tgt_out)),
            "token": before.tgt_out.pieces,
            "before": before.chosen_log_probs,
            "after": after.chosen_log_probs,
            "change": change(before, after),
        }
    )


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
    found = effect(model, run, switched_off(heads))
    return found.rename(columns={"before": "whole", "after": "ablated"})


def damage(
    model: Model, edits: Edits, lines: Sequence[AnySource] | None = None, n: int = INPUTS
) -> Any:
    """What edits cost over many inputs.

    Args:
        lines: inputs, of which the first `n` that the model takes are used; by default fresh ones
            where the task makes them, else the project's sentences.

    Returns:
        `pandas.DataFrame`, the rows "whole" and "edited": inputs, right (share of exact answers,
        empty where the task does not know them), unchanged (share of outputs that are the whole
        model's), loss (nats a token, on right answers, or on what the whole model writes).

    Raises:
        ValueError: edits that the model does not have, or no inputs for it.

    >>> import headlight
    >>> silent = headlight.Edits(ablate={("cross", 1, head) for head in range(4)})
    >>> found = damage(headlight.load("reverse"), silent, n=20).set_index("run")
    >>> float(found.right["whole"]), bool(found.right["edited"] < 0.5)
    (1.0, True)
    """
    import pandas as pd

    check_count("n", n)
    texts = None if lines is None else texts_of(model, lines)
    found = deque(_damage(model, edits, n, lines=texts), maxlen=1).pop()
    right = [found.right_before, found.right_after]
    return pd.DataFrame(
        {
            "run": ["whole", "edited"],
            "inputs": found.total,
            "right": [float("nan") if one is None else one / found.total for one in right],
            "unchanged": [1.0, found.same / found.total],
            "loss": [found.loss_before, found.loss_after],
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


def patching(
    model: Model,
    into: AnySource | Trace,
    source: AnySource | Trace,
    row: int,
    which: str = "heads",
    **how: Unpack[How],
) -> Any:
    """How far each part of one run, put into another, moves one row towards the run it is from.

    Args:
        into, source: the run that is patched, and the one that values come from.
        row: of the decoder of `into`: whose next token is looked at.
        which: "stream", "heads" or "blocks".
        how: metric, token, against, align, align_target, as `headlight.analysis.changes.How` says.

    Returns:
        `pandas.DataFrame`: where, layer, head, position, share (0 not at all, 1 all the way).

    Raises:
        ValueError: runs that do not differ there, an unknown map, metric or pairing, or a row that
            there is not.

    >>> import headlight
    >>> model = headlight.load("reverse")
    >>> found = patching(model, "a b c", "a b d", 0, "stream")
    >>> bool(found.share.max() > 0.9)
    True
    """
    found = _patched(model, _compared(model, into, source, row, how), which)
    return _shares(found)


def patching_map(
    model: Model,
    into: AnySource | Trace,
    source: AnySource | Trace,
    row: int,
    part: str = "cross",
    **how: Unpack[How],
) -> Any:
    """`patching` as a plotly figure.

    Args:
        part: a kind of attention (layers × heads), a stack (the stream, layers × positions) or
            "blocks" (a bar a block).

    Raises:
        ValueError: as in `patching`, or an unknown part.

    >>> import headlight
    >>> model = headlight.load("reverse")
    >>> patching_map(model, "a b c", "a b d", 0).data[0].z.shape
    (2, 4)
    >>> patching_map(model, "a b c", "a b d", 0, "encoder").data[0].z.shape
    (2, 4)
    """
    from headlight.viz.figures.patching import blocks_figure, patching_figure
    from headlight.viz.figures.tokens import axis_labels

    stacks = ("encoder", "decoder")
    if part not in (*KINDS, *stacks, _patching.BLOCKS):
        there = ", ".join((*KINDS, *stacks, _patching.BLOCKS))
        raise ValueError(f"There is no part “{part}”. There are: {there}.")
    compared = _compared(model, into, source, row, how)
    if part == _patching.BLOCKS:
        return blocks_figure(_patched(model, compared, _patching.BLOCKS))
    if part in KINDS:
        names = [f"H{head}" for head in range(model.config.heads(part))]
        return patching_figure(_patched(model, compared, _patching.HEADS), part, names)
    tokens = compared.into.src if part == "encoder" else compared.into.tgt_in
    found = _patched(model, compared, _patching.STREAM)
    return patching_figure(found, part, axis_labels(tokens))


def paths(
    model: Model,
    into: AnySource | Trace,
    source: AnySource | Trace,
    row: int,
    sender: Head,
    **how: Unpack[How],
) -> Any:
    """The share of each path from one head straight to a later one (path patching).

    Args:
        sender: (kind, layer, head); the others as in `patching`.

    Returns:
        `pandas.DataFrame`: where, layer, head, position (empty), share.

    Raises:
        ValueError: as in `patching`, or a head that there is not.

    >>> import headlight
    >>> model = headlight.load("reverse")
    >>> found = paths(model, "a b c", "a b d", 0, ("encoder_self", 1, 0))
    >>> found[["where", "layer", "head"]].values.tolist()[0]     # the encoder's last layer …
    ['cross', 0, 0]
    """
    Edits(ablate=[sender]).check(model.config)
    compared = _compared(model, into, source, row, how)
    if not path.downstream(model, sender):
        raise ValueError("No head comes after this one, so it has no paths.")
    return _shares(deque(path.path_map(model, compared, sender), maxlen=1).pop())


def steered(
    model: Model,
    source: AnySource,
    direction: Iterable[float],
    stack: str,
    layer: int,
    strengths: Sequence[float],
    *,
    position: int | None = None,
    edits: Edits = Edits(),
) -> Any:
    """What is written as c × a direction is added to the stream that a layer reads.

    Args:
        direction: d_model numbers, such as the difference of two runs' streams or a row of
            `model.network.unembed_weight`.
        stack, layer: the number of layers stands for what leaves the last one.
        strengths: the values of c.
        position: of the stream; all of it by default.
        edits: what else is in force.

    Returns:
        `pandas.DataFrame`: c, output, log_prob (of the whole text, nats), finished.

    Raises:
        ValueError: a direction, a layer or a source that the model does not take.

    >>> import headlight
    >>> model = headlight.load("reverse")
    >>> last = [model.run(text).encoder.output[2] for text in ("a b c", "a b d")]
    >>> steered(model, "a b c", last[1] - last[0], "decoder", 0, [0, 1]).c.tolist()
    [0, 1]
    """
    import pandas as pd

    added = np.array(list(direction))
    where = (stack, layer, strengths)
    found = steering.sweep(model, source, added, *where, position=position, edits=edits)
    rows = [
        (one.c, one.trace.output_text, float(one.trace.chosen_log_probs.sum()), one.trace.finished)
        for one in found
    ]
    return pd.DataFrame(rows, columns=["c", "output", "log_prob", "finished"])


def _compared(
    model: Model,
    into: AnySource | Trace,
    source: AnySource | Trace,
    row: int,
    how: How,
) -> Comparison:
    first, second = as_trace(model, into), as_trace(model, source)
    return compare(model, first, second, row, **how)


def _patched(model: Model, compared: Comparison, which: str) -> _patching.PatchingMap:
    cells = _patching.cells(model, compared, which)
    return deque(_patching.patching_map(model, compared, cells), maxlen=1).pop()


def _shares(found: _patching.PatchingMap) -> Any:
    """One row a cell."""
    import pandas as pd

    rows = [
        (cell.where, cell.layer, cell.head, cell.position, float(share))
        for cell, share in zip(found.cells, found.shares, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["where", "layer", "head", "position", "share"])
    return frame.astype({"head": "Int64", "position": "Int64"})  # whole, or empty
