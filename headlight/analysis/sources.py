"""From output words to source words: scores of a run, and how good each way is over many."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from headlight.model import AnySource, Model, Trace
from headlight.model.analysis.alignment.gold import GoldPair, read_gold, traced
from headlight.model.analysis.alignment.links import of_task
from headlight.model.analysis.alignment.reference import word_groups
from headlight.model.analysis.attribution import METHODS, Method
from headlight.model.analysis.attribution import rollout as _rollout
from headlight.model.analysis.attribution.findings import Aligned, Findings, every
from headlight.model.analysis.attribution.findings import findings as _findings
from headlight.model.analysis.attribution.sources import WITHOUT_MODEL, sources, word_text
from headlight.model.analysis.attribution.ways import choices, ways
from headlight.model.analysis.corpus import texts_of

from .given import as_trace, check_step


def attribution(
    model: Model, run: AnySource | Trace, methods: str | Sequence[str] | None = None
) -> Any:
    """What every source word means to every token written, by one or several methods.

    Args:
        run: a source, which is run first, or the trace of a run.
        methods: names; all by default. `headlight.analysis.findings` tells how good each is. A
            layer's mean is `attention_L0`, one head `norm_attention_L0H0`.

    Returns:
        `pandas.DataFrame`: method, step, token, word (its number in the source), text (of the
        word), score (in the method's own unit).

    Raises:
        ValueError: an unknown method, a trace of another model, or of a run with edits, which only
            some methods take.

    >>> import headlight
    >>> scores = attribution(headlight.load("reverse"), "a b c", "alti")
    >>> first = scores[scores.step == 0]
    >>> first.loc[first.score.idxmax(), ["token", "text"]].tolist()
    ['c', 'c']
    """
    import pandas as pd

    trace = as_trace(model, run)
    words = word_groups(trace.src)
    rows = []
    for one in _chosen(model, methods):
        scores = one.scores(model, trace, words)
        for step, token in enumerate(trace.tgt_out.pieces):
            for i, word in enumerate(words):
                text = word_text(trace.src, word)
                rows.append((one.slug, step, token, i, text, float(scores[step, i])))
    return pd.DataFrame(rows, columns=["method", "step", "token", "word", "text", "score"])


def attribution_map(model: Model, run: AnySource | Trace, method: str = "alti") -> Any:
    """One method for all tokens written, rows over source words: a plotly figure.

    Raises:
        ValueError: as in `attribution`.

    >>> import headlight
    >>> attribution_map(headlight.load("reverse"), "a b c").data[0].z.shape
    (4, 3)
    """
    from headlight.viz.figures.sources import sources_map
    from headlight.viz.figures.tokens import axis_labels
    from headlight.viz.labels import PART

    trace = as_trace(model, run)
    words = word_groups(trace.src)
    (one,) = _chosen(model, method)
    return sources_map(
        one.scores(model, trace, words),
        axis_labels(trace.tgt_out),
        [word_text(trace.src, word) for word in words],
        title=_titled(one, model),
        part=PART[model.reads],
        signed=one.signed,
    )


def attribution_bars(
    model: Model, run: AnySource | Trace, step: int, methods: str | Sequence[str] | None = None
) -> Any:
    """All methods for one token written, a row of bars each: a plotly figure.

    Raises:
        ValueError: as in `attribution`, or a step that there is not.

    >>> import headlight
    >>> bars = attribution_bars(headlight.load("reverse"), "a b c", 0, ["alti", "attention"])
    >>> [len(one.y) for one in bars.data]
    [3, 3]
    """
    from headlight.viz.figures.sources import sources_bars

    trace = as_trace(model, run)
    check_step(trace, step)
    words, chosen = word_groups(trace.src), _chosen(model, methods)
    return sources_bars(
        [one.scores(model, trace, words)[step] for one in chosen],
        [_titled(one, model) for one in chosen],
        [word_text(trace.src, word) for word in words],
    )


def _titled(one: Method, model: Model) -> str:
    """A method and its unit, in words for what the model reads."""
    from headlight.viz.labels import PART

    return f"{one.title}, {one.unit}".replace("word", PART[model.reads])


def agreement(
    model: Model, run: AnySource | Trace, methods: str | Sequence[str] | None = None
) -> Any:
    """How far each method orders the source words of one run as leaving them out does.

    Args:
        methods: as in `attribution`.

    Returns:
        `pandas.DataFrame`: method, step, token, tau (Kendall's τ_b, signs aside; empty where one
        side has no two different values); last the diagonal and chance, which do without a model.
        `findings` has it over many runs, with intervals.

    Raises:
        ValueError: as in `attribution`, or a run with edits.

    >>> import headlight
    >>> found = agreement(headlight.load("reverse"), "a b c", ["leave_out", "attention"])
    >>> {name: round(float(tau), 3) for name, tau in found.groupby("method").tau.max().items()}
    {'attention': 1.0, 'chance': 0.0, 'diagonal': 0.333, 'leave_out': 1.0}
    """
    import pandas as pd

    trace = as_trace(model, run)
    chosen = _chosen(model, methods)
    found = sources(model, trace, chosen).tau
    rows = [
        (slug, step, token, float(found[slug][step]))
        for slug in (*(one.slug for one in chosen), *WITHOUT_MODEL)
        for step, token in enumerate(trace.tgt_out.pieces)
    ]
    return pd.DataFrame(rows, columns=["method", "step", "token", "tau"])


def contributions(model: Model, run: AnySource | Trace) -> Any:
    """ALTI+ shares of all source tokens and of all tokens read so far, in every output row.

    Returns:
        `pandas.DataFrame`: one row a step, one column a source token and a token read; rows sum
        to 1.

    >>> import headlight
    >>> shares = contributions(headlight.load("reverse"), "a b c")
    >>> shares.sum(axis=1).round(6).unique().tolist()
    [1.0]
    """
    import pandas as pd

    trace = as_trace(model, run)
    columns = pd.MultiIndex.from_tuples(
        [(side, i, piece)
         for side, tokens in (("source", trace.src), ("read", trace.tgt_in))
         for i, piece in enumerate(tokens.pieces)],
        names=["side", "position", "token"],
    )  # fmt: skip
    return pd.DataFrame(_rollout.contributions(model, trace), columns=columns)


def findings(
    model: Model,
    lines: Sequence[AnySource],
    gold: str | Path | Sequence[GoldPair] | None = None,
    methods: str | Sequence[str] | None = None,
) -> Any:
    """How good every way from output to source is, with 95 % intervals over sentences.

    Args:
        lines: texts for the agreement with leaving one word out (`tau`, `top`).
        gold: hand-made links for the alignment error in the row that writes (`aer`) and in the row
            that reads (`aer_reads`); without it, what the task knows. Pairs that the model cannot
            read are left out (the column `pairs` counts the others).
        methods: names; all by default, and the means of layers.

    Returns:
        `pandas.DataFrame`: one row a way, then the best heads by weights and by norm-weighted
        attention, in the row that writes and in the row that reads (chosen on every other pair and
        counted on those between, both ways round), the diagonal and chance, which do without a
        model.

    Raises:
        ValueError: an unknown method, no line that the model can read, or a bad gold file.

    >>> import headlight
    >>> found = findings(headlight.load("reverse"), ["a b c", "q w e r"], methods=["attention"])
    >>> found.method.tolist()[:3]
    ['attention', 'best_head', 'best_head_reads']
    >>> found.method.tolist()[3:]
    ['best_norm_head', 'best_norm_head_reads', 'diagonal', 'chance']
    """
    traces = [model.run(text) for text in texts_of(model, lines)]
    pairs = read_gold(Path(gold)) if isinstance(gold, str | Path) else list(gold or ())
    aligned: list[Aligned] = [(trace, links) for _, trace, links in traced(model, pairs)]
    if pairs and not aligned:
        raise ValueError(f"The model can read none of the {len(pairs)} gold pairs.")
    if not pairs:
        known = ((trace, of_task(model.task, trace)) for trace in traces)
        aligned = [(trace, links) for trace, links in known if links is not None]
    chosen = None if methods is None else _chosen(model, methods)
    rows = _findings(model, traces, aligned, chosen)
    return Findings(model.digest, len(traces), "", rows).to_pandas()


def _chosen(model: Model, methods: str | Sequence[str] | None) -> tuple[Method, ...]:
    """Methods by their names.

    Raises:
        ValueError: an unknown one; says which there are.
    """
    if methods is None:
        return METHODS
    names = [methods] if isinstance(methods, str) else list(methods)
    shown = ways(model)
    known = {one.slug: one for one in every(shown, choices(model))}
    if wrong := [name for name in names if name not in known]:
        there = ", ".join(one.slug for one in shown)
        raise ValueError(
            f"There is no method “{wrong[0]}”. There are: {there}, and single heads, such as "
            "attention_L0H0."
        )
    return tuple(known[name] for name in names)
