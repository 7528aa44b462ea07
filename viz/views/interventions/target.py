"""What a patch is measured by: the row, the metric, and the tokens whose probability counts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import streamlit as st

from headlight.model import Model, Trace
from headlight.model.analysis.interventions.first_difference import first_difference
from headlight.model.analysis.interventions.metrics import KL, LOG_PROB, LOGIT
from headlight.model.analysis.interventions.recipes import token_id

from ... import selection
from ...page.context import RunContext
from ...page.present import wide
from .second import NOISE, Second

METRICS = {LOGIT: "logit difference", LOG_PROB: "log-probability", KL: "KL divergence"}
OFFERED = 6
"""Tokens of each run that are offered; any other can be typed."""


class Target(NamedTuple):
    """The row, the metric, and the tokens; None where the metric needs none."""

    row: int
    metric: str
    token: int | None
    against: int | None


def target(context: RunContext, first: Trace, second: Second, into: Trace, source: Trace) -> Target:
    """The controls and what they say.

    Raises:
        ValueError: what was typed is no token of this model.
    """
    if second.made.forced:
        start = _largest_loss(first, second.trace)
    else:
        start = first_difference(into, source) or 0
    row = selection.index("row_of_patch", len(into.tgt_out), start)
    there = min(row, len(source.logits) - 1)
    own, other = int(into.logits[row].argmax()), int(source.logits[there].argmax())
    if second.made.kind == NOISE:  # what the model writes without noise
        other, own = int(first.logits[row].argmax()), int(second.trace.logits[row].argmax())
    usual = LOG_PROB if second.made.kind == NOISE or own == other else LOGIT
    metric, written = selection.choice("metric_of_patch", list(METRICS), usual), into.tgt_out
    st.selectbox(
        "Output token",
        selection.positions(len(written)),
        format_func=lambda i: f"{i} · {written.surface(int(i))}",
        width=wide(130),
        **selection.widget("row_of_patch"),
    )
    st.selectbox(
        "Measured by",
        list(METRICS),
        format_func=METRICS.__getitem__,
        width=wide(150),
        **selection.widget("metric_of_patch"),
    )
    if metric == KL:
        return Target(row, metric, None, None)
    offered = _offered(context.model, source.logits[there], into.logits[row])
    token = _token(context, into, "Token", "token_of_patch", other, offered)
    against = None
    if metric == LOGIT:
        against = _token(context, into, "Against", "against_of_patch", own, offered)
    return Target(row, metric, token, against)


def _token(
    context: RunContext, trace: Trace, label: str, name: str, usual: int, offered: list[str]
) -> int:
    """A field in which a token is chosen or typed."""
    model = context.model
    piece = model.tokenizer.piece(usual)
    said = selection.text(name, piece)
    options = list(dict.fromkeys([piece, *offered, said]))
    st.selectbox(
        label,
        options,
        format_func=lambda one: one.replace("▁", "") or one,
        accept_new_options=True,
        help="Choose a token or type one. Of a word with several tokens, the first is measured.",
        width=wide(130),
        **selection.widget(name),
    )
    return usual if said == piece else token_id(model, trace, said)


def _offered(model: Model, *rows: np.ndarray) -> list[str]:
    """The most probable tokens of some rows."""
    best = [int(i) for row in rows for i in np.argsort(-row)[:OFFERED]]
    return [model.tokenizer.piece(i) for i in dict.fromkeys(best)]


def _largest_loss(first: Trace, second: Trace) -> int:
    """The row whose token is likely in the first run and much less so in the second."""
    return int((first.chosen_log_probs - second.chosen_log_probs).argmax())
