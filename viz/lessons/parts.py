"""Pictures and questions that several lessons use, as plain values for the browser."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from headlight.model.run.arrays import Array
from headlight.model.run.tokens import Tokens
from headlight.model.run.trace import Trace

from ..labels import head_name, token_names, token_noun
from .base import Plain
from .tokens import FIRST, MAX_DRAWN, MAX_GUESSED, around, columns, cut, numbers, rows


def map_picture(
    trace: Trace, kind: str, layer: int, head: int, hidden: Sequence[int] = ()
) -> Plain:
    """One head's map with some rows hidden until the answer is shown.

    The strongest cell of the first hidden row is on it.
    """
    record = trace.attention[kind][layer]
    queries, keys = trace.queries(kind), trace.keys(kind)
    part = around(record.pattern[head, hidden[0]]) if hidden else FIRST
    return {
        "type": "map",
        "title": head_name(layer, head),
        "rows": rows(trace, kind),
        "columns": columns(trace, kind, part),
        "weights": numbers(record.pattern[head, :MAX_DRAWN, part]),
        "mask": record.mask[:MAX_DRAWN, part].astype(int).tolist(),
        "hidden": list(hidden),
        "note": notes(cut(queries, "rows"), cut(keys, "columns", part)),
    }


def row_question(
    weights: Array, keys: Tokens, mask: Array, ask: str, help_: str, why: str = ""
) -> Plain:
    """Guess a row of attention weights [K] over the tokens that may be attended.

    Args:
        why: one sentence that is shown with the answer.
    """
    may = [i for i in range(len(keys)) if mask[i]]
    shown = may if len(may) <= MAX_GUESSED + 1 else may[around(weights[may], MAX_GUESSED)]
    labels = [token_names(keys)[i] for i in shown]
    truth = [float(weights[i]) for i in shown]
    if len(shown) < len(may):
        labels.append(f"all {len(may) - len(shown)} other {token_noun(keys)}s")
        truth.append(float(sum(weights[i] for i in may if i not in shown)))
    return {
        "type": "row",
        "ask": ask,
        "help": help_,
        "labels": labels,
        "truth": numbers(truth),
        "why": why,
    }


def choice_question(
    labels: Sequence[str],
    values: Sequence[float] | Array,
    ask: str,
    unit: str,
    said: str = "",
    low: float = 0.0,
    high: float | None = 1.0,
    what: str = "line",
    why: Sequence[str] = (),
    lead: int | None = None,
) -> Plain:
    """Choose the option with the largest value; equals, to three decimals, are all right.

    Args:
        labels, values: the options, and the number by which they are judged.
        ask: the question.
        unit: what the numbers are.
        said: one sentence that is shown with the answer.
        low, high: the ends of the scale; the largest value where `high` is None.
        what: what is chosen, where the picture itself shows the options.
        why: for each option one sentence that is shown when it was chosen; may be empty.
        lead: the option that is named first where several are right, if it is one of them.
    """
    printed = np.round(np.asarray(values, dtype=np.float64), 3)
    right = [int(i) for i in np.nonzero(printed == printed.max())[0]]
    right.sort(key=lambda i: i != lead)
    return {
        "type": "choice",
        "ask": ask,
        "labels": list(labels),
        "values": numbers(values),
        "best": right,
        "unit": unit,
        "what": what,
        "said": said,
        "why": list(why),
        "low": low,
        "high": max(float(np.max(values)), 1e-3) if high is None else high,
    }


def gallery_picture(trace: Trace, kind: str, layers: Sequence[int]) -> Plain:
    """All heads of some layers, small; one of them large."""
    queries, keys = trace.queries(kind), trace.keys(kind)
    return {
        "type": "gallery",
        "perRow": trace.heads(kind),
        "rows": rows(trace, kind),
        "columns": columns(trace, kind),
        "mask": trace.attention[kind][0].mask[:MAX_DRAWN, :MAX_DRAWN].astype(int).tolist(),
        "heads": [
            {
                "title": head_name(layer, head),
                "weights": numbers(pattern[:MAX_DRAWN, :MAX_DRAWN]),
            }
            for layer in layers
            for head, pattern in enumerate(trace.attention[kind][layer].pattern)
        ],
        "note": notes(cut(queries, "rows"), cut(keys, "columns")),
    }


def notes(*sentences: str) -> str:
    """The sentences that there are."""
    return " ".join(sentence for sentence in sentences if sentence)
