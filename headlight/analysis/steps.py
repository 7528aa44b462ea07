"""What layers would say, pruning, and alignment of one run."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

from headlight.model import AnySource, Model, Trace
from headlight.model.analysis.alignment.reference import reference
from headlight.model.analysis.alignment.times import word_times as _word_times
from headlight.model.analysis.heads.table import HeadTable
from headlight.model.analysis.interventions.evalset import eval_set, own_eval_set
from headlight.model.analysis.interventions.pruning import RANKED, RISE, Pruning, prune, spared
from headlight.model.analysis.stream.logit_lens import logit_lens as _logit_lens

from .given import as_trace, check_count


def logit_lens(model: Model, run: AnySource | Trace, k: int = 5) -> Any:
    """What each decoder layer would write: its stream through the last norm and the embedding.

    Returns:
        `pandas.DataFrame`: step, depth (0 is the embedding), rank (1 is the most probable), token,
        probability.

    Raises:
        ValueError: a trace of another model, or `k` below 1.

    >>> import headlight
    >>> lens = logit_lens(headlight.load("reverse"), "a b c", k=1)
    >>> lens[lens.depth == lens.depth.max()].token.tolist()
    ['c', 'b', 'a', '<eos>']
    """
    import pandas as pd

    check_count("k", k)
    trace = as_trace(model, run)
    found = _logit_lens(model, trace, k)
    probs = found.probs
    depths, n_steps, _ = probs.shape
    rows = [
        (step, depth, rank, piece, float(probs[depth, step, rank - 1]))
        for step in range(n_steps)
        for depth in range(depths)
        for rank, piece in enumerate(found.tokens(model, trace, depth, step).pieces, start=1)
    ]
    return pd.DataFrame(rows, columns=["step", "depth", "rank", "token", "probability"])


def logit_lens_map(model: Model, run: AnySource | Trace) -> Any:
    """`logit_lens` as a plotly figure: rows are steps, columns depths.

    >>> import headlight
    >>> logit_lens_map(headlight.load("reverse"), "a b c").data[0].z.shape
    (4, 3)
    """
    from headlight.viz.figures.lens_table import lens_table
    from headlight.viz.labels import row_names

    trace = as_trace(model, run)
    found = _logit_lens(model, trace, 5)
    n_depths, n_steps, _ = found.probs.shape
    best = [
        [found.tokens(model, trace, depth, step).pieces for step in range(n_steps)]
        for depth in range(n_depths)
    ]
    depths = ["embedding", *(f"after L{i}" for i in range(n_depths - 1))]
    return lens_table(found.probs, best, row_names(trace, "decoder_self"), depths)


def aligned(model: Model, run: AnySource | Trace) -> Any:
    """The links of one run as they are best known: by rule, by hand, or by leaving words out.

    Returns:
        `pandas.DataFrame`: target word, source word (both counted from 0), sure, basis.

    >>> import headlight
    >>> aligned(headlight.load("reverse"), "a b c")[["target", "source"]].values.tolist()
    [[0, 2], [1, 1], [2, 0]]
    """
    import pandas as pd

    trace = as_trace(model, run)
    found = reference(model, trace, measure=True)
    assert found is not None
    links = found.alignment
    rows = [(t, s, (t, s) in links.sure, found.basis) for t, s in sorted(links.possible)]
    return pd.DataFrame(rows, columns=["target", "source", "sure", "basis"])


def word_times(model: Model, run: AnySource | Trace) -> Any:
    """Roughly when each written word was said, read off cross-attention: a model writes no times.

    By the heads that the checkpoint names as following the sound (Whisper's do), else, much more
    roughly, by all heads of the decoder's upper half.

    Args:
        run: a sound, or the trace of one.

    Returns:
        `pandas.DataFrame`: text, start, end (seconds).

    Raises:
        ValueError: the source is no sound.

    >>> import headlight
    >>> model = headlight.load("hear-digits")
    >>> said = model.run(headlight.Sound(model.task.examples[0].given.samples, 8000))
    >>> times = word_times(model, said)
    >>> " ".join(times.text) == said.output_text, times.start.is_monotonic_increasing
    (True, True)
    """
    import pandas as pd

    found = _word_times(as_trace(model, run))
    return pd.DataFrame(
        [(one.text, one.start, one.end) for one in found], columns=["text", "start", "end"]
    )


def pruning(
    model: Model, table: HeadTable, lines: Sequence[AnySource] | None = None, n_random: int = 10
) -> Pruning:
    """Heads removed one by one, least sensitive first, beside random orders.

    Args:
        table: with the metric `sensitivity`, measured on other lines than these.
        lines: what the loss is taken on, against what the whole model writes; without them, inputs
            with right answers where the task has them.

    Raises:
        ValueError: a table of other weights or without `sensitivity`; lines that cannot be read.

    >>> import headlight
    >>> from headlight.analysis import heads
    >>> model = headlight.load("sort")
    >>> table = heads.table(model, ["3 1 2", "9 8 7 6"], metrics=["sensitivity"])
    >>> found = pruning(model, table, ["5 4", "1 3 2"], n_random=1)
    >>> sorted({curve.heads for curve in found.curves})
    ['all', 'cross', 'decoder_self', 'encoder_self']
    """
    measure = eval_set(model) if lines is None else own_eval_set(model, lines)
    return deque(prune(model, table, measure, n_random), maxlen=1).pop()


def pruning_table(found: Pruning) -> Any:
    """`pruning` as a table: one row a curve and number of heads removed.

    Returns:
        `pandas.DataFrame`: heads, order, removed (how many), head (the last one), loss (nats per
        token), quality; empty where a point was not taken.

    >>> from headlight.model.analysis.interventions.pruning import Curve, Pruning
    >>> heads = (("cross", 0, 0), ("cross", 0, 1))
    >>> curve = Curve("cross", "sensitivity", heads, (0.0, 0.1, 2.0), (1.0, None, 0.0))
    >>> pruning_table(Pruning("m", "d", "two heads", "exact", (curve,))).loss.tolist()
    [0.0, 0.1, 2.0]
    """
    import pandas as pd

    rows = [
        (one.heads, one.order, n, one.removed[n - 1] if n else None, loss, quality)
        for one in found.curves
        for n, (loss, quality) in enumerate(zip(one.loss, one.quality, strict=True))
    ]
    return pd.DataFrame(rows, columns=["heads", "order", "removed", "head", "loss", "quality"])


def pruning_spared(found: Pruning, rise: float = RISE) -> Any:
    """How many heads can go before the loss has risen by more than `rise` nats per token.

    Returns:
        `pandas.DataFrame`: heads, of (how many there are), ranked (least sensitive first), mean,
        deviation, least and most (of the random orders, how many of which: orders).

    Raises:
        ValueError: a larger rise than the curves were followed to.

    >>> import headlight
    >>> from headlight.analysis import shipped_pruning
    >>> found = pruning_spared(shipped_pruning(headlight.load("reverse"))).set_index("heads")
    >>> int(found.of["all"]), bool(found.ranked["all"] <= found.of["all"])
    (24, True)
    """
    import pandas as pd

    kinds = dict.fromkeys(one.heads for one in found.curves if one.order == RANKED)
    return pd.DataFrame([{"heads": one} | spared(found, one, rise)._asdict() for one in kinds])


def pruning_curves(found: Pruning, what: str = "loss") -> Any:
    """The curves of `pruning` as a plotly figure; `what` is "loss" or "quality".

    >>> from headlight.model.analysis.interventions.pruning import Curve, Pruning
    >>> heads = (("cross", 0, 0), ("cross", 0, 1))
    >>> curve = Curve("cross", "sensitivity", heads, (0.0, 0.1, 2.0), (1.0, None, 0.0))
    >>> pruning_curves(Pruning("m", "d", "two heads", "exact", (curve,))).data[0].y
    (0.0, 0.1, 2.0)
    """
    from headlight.viz.figures.pruning import pruning_curves as figure

    return figure(found, what=what)
