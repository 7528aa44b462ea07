"""What each layer would say: the logit lens, and who added what to one token's logit."""

from __future__ import annotations

import streamlit as st

from headlight.model import Trace

from ... import runtime, selection, theme
from ...figures.attribution import attribution_bars
from ...figures.lens_table import lens_table
from ...figures.tokens import label, row_labels
from ...labels import row_names
from ...markdown import plain
from ...page.chart import chart, dark
from ...page.context import RunContext
from ...page.present import wide

NAME = "What each layer would say"
LOOK = "What the decoder would write if it stopped after each of its layers (logit lens)."
LOOK_FOR = "the layer at which the right word first appears, and which heads pushed it up."

MAX_BARS = 16


def render(context: RunContext) -> None:
    """The table, then one of its rows taken apart."""
    trace = context.trace
    lens = runtime.logit_lens(context.model, trace)
    n = len(trace.tgt_out)
    row = int(selection.choice("row", [str(i) for i in range(n)], str(min(1, n - 1))))
    depths = ["embedding", *(f"after L{i}" for i in range(len(trace.decoder.layers)))]
    best = [
        [lens.tokens(context.model, trace, depth, t).pieces for t in range(n)]
        for depth in range(len(depths))
    ]
    rows = [f"{i} · {name}" for i, name in enumerate(row_labels(trace, "decoder_self"))]
    figure = lens_table(lens.probs, best, rows, depths, chosen=row, dark=dark())
    chart(figure, key="logit-lens")
    st.caption(
        "Each row is a decoder step (token read → token written). The last column is the model's "
        "own answer; earlier layers were not trained to be read this way. Point at a cell for its "
        "five most probable tokens."
    )
    _attribution(context, row)


def _attribution(context: RunContext, row: int) -> None:
    """What each part of the model adds to the logit of a token, or to its difference to another."""
    st.markdown("#### What each part adds to a token's logit")
    token, second, names = _choose_tokens(context, row)
    shares = runtime.shares(context.model, context.trace, row, token, against=second)
    title, said = _measured(context.trace, row, token, second, names)
    total = sum(share.value for share in shares)
    st.caption(
        f"“{plain(names[str(token)])}”: every head, feed-forward block and bias adds a part. The "
        f"parts sum to {theme.number(total)}; {said}. The last layer norm divides by the spread "
        "that it found in this run (direct logit attribution)."
    )
    figure = attribution_bars(
        [share.name for share in shares],
        [share.value for share in shares],
        [share.group for share in shares],
        title=title,
        most=MAX_BARS,
    )
    chart(figure, key="attribution")
    with st.expander(f"All {len(shares)} parts as a table"):
        st.dataframe(
            {
                "part": [share.name for share in shares],
                "logit": [round(share.value, 3) for share in shares],
            },
            hide_index=True,
        )


def _choose_tokens(context: RunContext, row: int) -> tuple[int, int | None, dict[str, str]]:
    """Fields for step, token and the one it is compared with; both tokens, and names by id."""
    trace = context.trace
    written = trace.tgt_out.ids[row]
    best = [int(i) for i in (-trace.logits[row]).argsort(kind="stable")[:8]]
    steps = row_names(trace, "decoder_self")
    options = [str(i) for i in dict.fromkeys([written, *best])]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "Step",
            [str(i) for i in range(len(trace.tgt_out))],
            format_func=lambda i: f"{i} · {steps[int(i)]}",
            width=wide(220),
            **selection.widget("row", token=None, against=None),  # each step has tokens of its own
        )
        names = _names(context, options, row)
        token = selection.choice("token", options, str(written))
        _choice("Token", "token", options, names)
        others = ["none", *(option for option in options if option != token)]
        against = selection.choice("against", others, "none")
        _choice("Compared with", "against", others, {"none": "nothing", **names})
    return int(token), None if against == "none" else int(against), names


def _measured(
    trace: Trace, row: int, token: int, second: int | None, names: dict[str, str]
) -> tuple[str, str]:
    """What the parts add up to: the bars' title, and its number in words."""
    logit = float(trace.logits[row, token])
    if second is None:
        probability = theme.number(float(trace.probs[row, token]))
        said = f"its logit is {theme.number(logit)}, its probability {probability}"
        return f"part of the logit of “{label(names[str(token)])}”", said
    difference = theme.number(logit - float(trace.logits[row, second]))
    title = f"part of the difference to “{label(names[str(second)])}”"
    return title, f"the difference is {difference}"


def _choice(label_: str, name: str, options: list[str], names: dict[str, str]) -> None:
    st.selectbox(
        label_,
        options,
        format_func=names.__getitem__,
        **selection.widget(name),
        width=wide(180),
    )


def _names(context: RunContext, options: list[str], row: int) -> dict[str, str]:
    trace: Trace = context.trace
    before = trace.tgt_in.ids[: row + 1]
    written = context.model.write_next([int(i) for i in options], trace.src, before)
    shown = (piece.replace("▁", "") or "·" for piece in written.pieces)
    return dict(zip(options, shown, strict=True))
