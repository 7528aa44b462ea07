"""Teacher forcing: a target that is given, and how likely the model finds each of its tokens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from headlight.model import Trace

from ... import runtime, selection
from ...components.steps import encode_steps, steps
from ...figures.surprise import surprise_strip
from ...figures.tokens import axis_labels
from ...glossary import glossed
from ...markdown import plain
from ...page.chart import chart
from ...page.context import RunContext
from .kept import Decoding
from .steps import act, check_link, start


def draw(context: RunContext) -> None:
    """The given target, its cross-entropy as a strip, and the step view on it."""
    kept = start(context)
    target = selection.text("target", context.trace.output_text)
    st.text_input("Target text: what the model is made to write", **selection.widget("target"))
    st.caption(
        glossed(
            "Teacher forcing is what training does: at every step the decoder is given the right "
            "text up to there, whatever it would have written itself, and −log p of the next right "
            "token is the loss."
        )
    )
    trace = _trace(context, kept, target)
    check_link(trace)
    _numbers(trace)
    same = [a == b for a, b in zip(trace.tgt_out.ids, trace.predicted.ids, strict=True)]
    chart(
        surprise_strip(trace.chosen_log_probs, axis_labels(trace.tgt_out), _predicted(trace), same),
        config={
            "toImageButtonOptions": {"format": "svg", "filename": "headlight-forcing"},
        },
        key="surprise_strip",
    )
    st.caption(
        "Each bar is −log p of a given token in nats: 0 where the model was certain of it. In "
        "italics below: the token the model would have chosen instead. Look for the bar where the "
        "given text leaves what the model expects, and whether it recovers after it."
    )
    steps(_payload(context, trace), lambda event: _act(context, kept, event))


def _trace(context: RunContext, kept: Decoding, target: str) -> Trace:
    """The trace of the target, or of the last good one with a sentence that says why."""
    try:
        trace = runtime.teacher_force(context.model, context.text, target)
    except ValueError as error:
        fallback = kept.target or context.trace.output_text
        st.warning(f"{plain(str(error))} Still showing “{plain(fallback)}”.")
        return runtime.teacher_force(context.model, context.text, fallback)
    kept.target = target
    return trace


def _numbers(trace: Trace) -> None:
    """The cross-entropy, and how often the model would have said the same."""
    losses = -trace.chosen_log_probs
    agreed = sum(a == b for a, b in zip(trace.tgt_out.ids, trace.predicted.ids, strict=True))
    with st.container(horizontal=True, gap="large"):
        for name, value, unit in (
            ("Cross-entropy", f"{losses.mean():.3f}", "nats per token: the mean of the bars"),
            ("Perplexity", f"{np.exp(losses.mean()):,.3f}", "e to the power of the cross-entropy"),
            ("log p of the text", f"{-losses.sum():.3f}", "nats: minus the sum of the bars"),
            (
                "Top-1 agreement",
                f"{agreed} of {len(losses)}",
                "tokens that the model would have chosen too",
            ),
        ):
            st.metric(name, value.replace("-", "−"), help=unit, width="content")


def _predicted(trace: Trace) -> list[str]:
    return axis_labels(trace.predicted)


def _payload(context: RunContext, trace: Trace) -> bytes:
    loaded = context.model
    return encode_steps(
        trace,
        loaded.tokenizer.piece,
        runtime.source_share(loaded, trace),
        forced=len(trace.tgt_out),
        never=loaded.never_written,
        options={
            "strategy": "teacher forcing",
        },
    )


def _act(context: RunContext, kept: Decoding, event: Mapping[str, Any]) -> None:
    """A fork out of the given text is stepped through like any other."""
    act(context, kept, event)
    selection.update(view="steps")
