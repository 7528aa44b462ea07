"""A run beside the same run under edits: both texts, and what each token lost."""

from __future__ import annotations

import streamlit as st

from headlight.model import Model, Trace
from headlight.model.analysis.interventions.ablation import change, differing
from headlight.model.analysis.interventions.same_tokens import same_tokens
from headlight.model.run.edits import Edits

from .. import runtime
from ..figures.signed_bars import signed_bars
from ..figures.tokens import axis_labels
from .chart import chart
from .wording import marked


def alone(before: Trace) -> None:
    """The output while nothing is edited."""
    same = [False] * len(before.tgt_out)
    st.markdown(f":small[:gray[Output]]&emsp;{marked(before.tgt_out, same)}")


def texts(before: Trace, after: Trace, names: tuple[str, str] = ("As trained", "Edited")) -> None:
    """Old and new side by side, the tokens that differ marked."""
    old, new = differing(before.tgt_out, after.tgt_out)
    left, right = st.columns(2, gap="large")
    with left, st.container(border=True):
        st.markdown(f"**{names[0]}**")
        st.markdown(marked(before.tgt_out, old))
    with right, st.container(border=True):
        lost, came = sum(old), sum(new)
        new_ones = f"{came} :orange-background[new]" if came else "none new"
        said = f"{lost} of {len(before.tgt_out)} tokens gone, {new_ones}"
        st.markdown(f"**{names[1]}** · {said if lost or came else 'the same tokens'}")
        st.markdown(marked(after.tgt_out, new))
        if not after.finished:
            st.caption("It did not stop by itself and was cut off.")


def losses(
    model: Model,
    text: str,
    before: Trace,
    edits: Edits,
    key: str,
    of: str = "that the model wrote as trained",
) -> None:
    """Δ log p of each token of a run, given the same tokens before it; `of` tells which run."""
    forced = runtime.run(model, text, strategy=same_tokens(before), edits=edits)
    delta = change(before, forced)
    total = f"{delta.sum():+.3f}".replace("-", "−")
    chart(
        signed_bars(delta, axis_labels(before.tgt_out), title="Δ log p, nats", height=220),
        key=key,
        bar=False,
    )
    st.caption(
        f"How the edits change the log-probability of each token {of}, given the same tokens "
        f"before it: {total} nats in all."
    )
