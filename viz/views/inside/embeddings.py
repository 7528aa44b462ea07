"""Embeddings: the vocabulary in two or three dimensions, and what stands for positions."""

from __future__ import annotations

import streamlit as st

from headlight.model.analysis.stream.embeddings import neighbours, positions

from ... import runtime, selection
from ...figures.embeddings import embedding_map
from ...figures.positions import position_map, wave_lines
from ...labels import worded
from ...markdown import plain
from ...page.chart import chart, dark
from ...page.context import RunContext
from ...page.present import wide

NAME = "Embeddings"
LOOK = "Every token of the vocabulary as a point, along the directions in which they differ most."
LOOK_FOR = "tokens of one kind that lie together, and the words of this run among them."

SPANS = {"sentence": "this sentence", "64": "64 positions", "all": "all positions"}
SHIFTED = "no two rows are alike, and a shift by a fixed distance is the same rotation everywhere."
HALVES = (
    "left half: sine, right half: cosine",
    "Each row is one position's vector: sines on the left and cosines on the right, each from fast "
    f"waves to slow ones; {SHIFTED}",
)
POSITIONS = {
    "sinusoid": (
        "even: sine, odd: cosine",
        "Each row is one position's vector, from fast waves on the left to slow ones on the right; "
        + SHIFTED,
    ),
    "sinusoid_halves": HALVES,
    "sinusoid_fairseq": HALVES,
    "table": (
        "",
        "Each row is one position's vector, as this model learned it: the decoder's table; the "
        "encoder has one of its own. Look for rows near each other that are alike.",
    ),
}
"""What the axis and the caption say of each way to tell positions apart by adding something."""


def render(context: RunContext) -> None:
    """The points, then the positions."""
    _tokens(context)
    _positions(context)


def _tokens(context: RunContext) -> None:
    trace = context.trace
    pieces = runtime.vocabulary(context.model)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        dimensions = selection.choice("dims", ["2", "3"], "2")
        st.segmented_control(
            "Dimensions",
            ["2", "3"],
            format_func="{}-D".format,
            **selection.widget("dims"),
            required=True,
        )
        sought = selection.text("find")
        st.text_input(
            "Find a token",
            **selection.widget("find"),
            placeholder="a word or a part of one",
            width=wide(240),
        )
    found = [i for i, piece in enumerate(pieces) if sought.strip() and _matches(sought, piece)]
    marked = {
        "source": [] if context.model.config.front else sorted(set(trace.src.ids)),
        "target": sorted(set(trace.tgt_out.ids)),
        "found": found[:MAX_FOUND],
    }
    if sought.strip():
        _say_found(context, sought, found, pieces)
    projection = runtime.projection(context.model)
    n = int(dimensions)
    figure = embedding_map(
        projection.points[:, :n], projection.explained[:n], pieces, marked, dark()
    )
    chart(figure, key="embeddings", tallest=600, config={"scrollZoom": True})
    share = float(projection.explained[:n].sum())
    st.caption(
        f"{len(pieces):,} tokens, of "
        f"{context.model.config.d_model} numbers each; these {n} directions hold {share:.1%} of "
        "how they differ (PCA), so points that lie apart differ, but near ones may not be alike. "
        "Drag to move, scroll to zoom."
    )


MAX_FOUND = 40


def _matches(sought: str, piece: str) -> bool:
    return sought.strip().lower() in piece.replace("▁", " ").lower()


def _say_found(context: RunContext, sought: str, found: list[int], pieces: tuple[str, ...]) -> None:
    if not found:
        st.caption(f"No token contains “{plain(sought[:60])}”.")
        return
    exact = next(
        (i for i in found if pieces[i].strip("▁ ").lower() == sought.strip().lower()), None
    )
    first = found[0] if exact is None else exact
    near = ", ".join(
        f"{plain(pieces[i].replace('▁', ''))} ({cosine:.3f})"
        for i, cosine in neighbours(context.model, first, 6)
    )
    name = plain(pieces[first].replace("▁", ""))
    st.caption(f"{len(found)} found. Nearest to “{name}” in all dimensions, by cosine: {near}.")


def _positions(context: RunContext) -> None:
    said = "#### Where a {part} stands: the position that is added"
    st.markdown(worded(said, context.model.reads))
    position = context.model.config.position
    first = positions(context.model, 1)
    if first is None or not first.any():
        st.info(
            "This model was trained without positions: nothing is added to its embeddings."
            if position in POSITIONS
            else "This model adds nothing to its embeddings: it tells positions apart by a number "
            "for each distance that is added to the scores. “Follow a weight” shows it."
        )
        return
    span = selection.choice("span", list(SPANS), "64")
    st.segmented_control(
        "Positions",
        list(SPANS),
        format_func=lambda span: worded(SPANS[span], context.model.reads),
        **selection.widget("span"),
        required=True,
        label_visibility="collapsed",
    )
    own = max(len(context.trace.src), len(context.trace.tgt_in))
    most = context.model.config.max_positions
    n = {"sentence": min(own, most), "64": min(64, most), "all": most}[span]
    table = positions(context.model, n)
    assert table is not None
    axis, said = POSITIONS[position]
    chart(position_map(table, axis, dark=dark()), key="positions")
    st.caption(said)
    if position != "table":
        width = context.model.config.d_model
        waves = tuple(sorted({0, width // 8 * 2, width // 4 * 2, width // 8 * 6}))
        chart(wave_lines(table, waves), key="waves")
