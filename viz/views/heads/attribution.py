"""Output to source: which source word did each output token come from, by several methods."""

from __future__ import annotations

import numpy as np
import streamlit as st

from headlight.model.analysis.attribution import METHODS, Method
from headlight.model.analysis.attribution.findings import Findings
from headlight.model.analysis.attribution.sources import WITHOUT_MODEL, Sources
from headlight.model.analysis.intervals import Interval
from headlight.model.cells import to_csv

from ... import runtime, selection, theme
from ...components.static import style
from ...figures.sources import sources_bars, sources_map
from ...figures.tokens import axis_labels, label
from ...labels import NOUN, PART, worded
from ...markdown import plain
from ...page.background import result
from ...page.chart import chart, dark
from ...page.context import RunContext
from ...page.present import presenting

BY_SLUG = {one.slug: one for one in METHODS}
PLAIN = [one for one in METHODS if not one.slug.endswith("_above")]
"""Methods whose bars have room in a hall; the table below has them all."""


def render(context: RunContext) -> None:
    """All methods for one token, one method for all tokens, and how well they agree."""
    said = (
        "Attention says where the heads look; leaving a {part} out says what the output depends "
        "on. Look for tokens where the two disagree: does attention explain the output there?"
    )
    st.caption(worded(said, context.model.reads))
    found: Sources | None = result(
        runtime.explaining(context.model, context.trace), "Compare the methods", at_once=True
    )
    if found is None:
        return
    part = PART[context.model.reads]
    tokens = axis_labels(context.trace.tgt_out)
    words = [label(word) for word in found.words]
    left, right = st.columns(2, gap="large")
    with left:
        row = _written(context)
        drawn = PLAIN if presenting() else METHODS
        chart(
            sources_bars(
                [found.scores[one.slug][row] for one in drawn],
                [_titled(one, part) for one in drawn],
                words,
                above=not presenting(),
            ),
            key="sources-bars",
            bar=False,
            tallest=600,
        )
    with right:
        way = selection.choice("way", list(BY_SLUG), METHODS[0].slug)
        st.selectbox(
            "All tokens by",
            list(BY_SLUG),
            format_func=lambda slug: BY_SLUG[slug].title.replace("word", part),
            **selection.widget("way"),
        )
        method = BY_SLUG[way]
        chart(
            sources_map(
                found.scores[way],
                tokens,
                words,
                title=_titled(method, part),
                part=part,
                signed=method.signed,
                dark=dark(),
            ),
            key="sources-map",
            bar=False,
            tallest=600,
        )
        definition = method.definition.replace("word", part)
        st.caption(f"{plain(definition)} Source: {plain(method.source)}.")
    _agreement(context, found, row)


def _written(context: RunContext) -> int:
    """The row of the output token that is looked at."""
    tokens = context.trace.tgt_out
    names = [
        f"{i} {tokens.surface(i) if not tokens.special[i] else piece}"
        for i, piece in enumerate(tokens.pieces)
    ]
    rows = selection.positions(len(names))
    chosen = selection.choice("written", rows, "0")
    st.pills(
        "Output token",
        rows,
        format_func=lambda i: plain(names[int(i)]),
        required=True,
        wrap=True,
        **selection.widget("written"),
    )
    return int(chosen)


def _titled(method: Method, part: str) -> str:
    return f"{method.title.replace('word', part)}, {method.unit}"


def _agreement(context: RunContext, found: Sources, row: int) -> None:
    """How good each way is: agreement with leaving a word out, and with hand-made links."""
    many = runtime.shipped_findings(context.model)
    st.html(style("heads"))
    with st.container(key="ways-table"):
        st.markdown(_table(found, many, row, context.model.reads))
    if many and not presenting():
        st.download_button(
            "CSV",
            lambda: to_csv(many.to_pandas().to_dict("records")),
            f"sources-{context.model.slug}.csv",
            "text/csv",
            on_click="ignore",
            icon=":material/download:",
        )
    several = context.model.reads == "text"
    said = (
        "τ is Kendall's τ_b between a method and leaving a {part} out, over the source's {part}s, "
        "signs aside: 1 is the same order, 0 no relation, −1 the reverse. For a sentence it is "
        "the mean over its output tokens."
        + " A word of several tokens gets their mean."
        * several
        + " The last rows do without the model: any method should beat them; chance has 0 on "
        f"average, over many sentences what one draw had.{_counted(many)} Jain & Wallace 2019 "
        "conclude from low values of τ that attention is not explanation; Wiegreffe & Pinter 2019 "
        "answer that it still may be."
    )
    st.caption(worded(said, context.model.reads))


def _table(found: Sources, many: Findings | None, row: int, reads: str) -> str:
    """A line a method: on this token, on this sentence and, where they are shipped, on many."""
    sentence, part = NOUN[reads], PART[reads]
    known = {one.method: one for one in many.rows} if many else {}
    lines = [f"| method | τ, this token | τ, this {sentence} |", "|:--|--:|--:|"]
    if many:
        lines[0] += (
            f" τ, {many.sentences} {sentence}s | same first {part} | alignment error, row that "
            "writes | … row that reads |"
        )
        lines[1] += "--:|--:|--:|--:|"
    here = {one.slug: one.title for one in METHODS}
    named = {**here, **{one.method: one.title for one in known.values()}}
    baselines = {slug: named.pop(slug, title) for slug, title in WITHOUT_MODEL.items()}
    for slug, title in {**named, **baselines}.items():
        tau = found.tau.get(slug)
        cells = [
            plain(title.replace("one word", f"one {part}").replace("the word's", f"the {part}'s")),
            "–" if tau is None else _tau(float(tau[row])),
            "–" if tau is None else _tau(found.mean_tau(slug)),
        ]
        if many:
            one = known.get(slug)
            numbers = (one.tau, one.top, one.aer, one.aer_reads) if one else ()
            cells += [_said(x) for x in numbers] or ["–"] * 4
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _counted(many: Findings | None) -> str:
    """On what the shipped columns were measured, for the caption."""
    if not many or not many.rows:
        return ""
    tokens = f" The sentences have {many.rows[0].rows:,} output tokens;"
    if not many.gold:
        return f"{tokens} 95% intervals in brackets."
    return (
        f"{tokens} the alignment error is of "
        f"{plain(many.linked)}; 95% intervals over sentences (bootstrap) in brackets. "
        "Each best head (by weights or norm-weighted, for the word written or for the word "
        "read) and each chosen reading was chosen on one half of the pairs and measured on the "
        "other, both ways round."
    )


def _said(found: Interval) -> str:
    """`0.265 [0.236, 0.294]`."""
    if np.isnan(found.value):
        return "–"
    return f"{theme.number(found.value)} [{theme.number(found.low)}, {theme.number(found.high)}]"


def _tau(value: float) -> str:
    return "–" if np.isnan(value) else theme.number(value)
