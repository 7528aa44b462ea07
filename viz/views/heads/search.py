"""Head search: the sentences and cells where heads do a thing most."""

from __future__ import annotations

import streamlit as st

from headlight.model.analysis.heads.search import PATTERNS, Found, Hit, Mapped, Pattern, search
from headlight.model.cells import to_csv
from headlight.model.network.config import KINDS

from ... import runtime, selection, theme
from ...labels import (
    NOUN,
    PART,
    TOKEN,
    head_name,
    row_names,
    source_name,
    token_names,
    worded,
)
from ...page.background import result
from ...page.context import RunContext
from ...page.corpus import corpus
from ...selection.table import param
from .opening import open_head, picked

BY_SLUG = {one.slug: one for one in PATTERNS}
ANY = "any"
MOST = 100


def render(context: RunContext) -> None:
    """What to look for, and what was found."""
    said = (
        "Finds cells in which a head puts much of its weight on one kind of {token}, in many "
        "sentences. Select a row to see that cell in Explore."
    )
    st.caption(worded(said, context.model.reads))
    on = corpus(context, "Search")
    if on is None:
        return
    kind, slug, distance, above, only = _wanted(context)
    work = runtime.scanning(context.model, on.text)
    label = worded("Read the sentences", context.model.reads)
    sentences: list[Mapped] | None = result(work, label, at_once=True)
    if sentences is None:
        return
    found = search(
        sentences,
        kind,
        BY_SLUG[slug],
        distance=distance,
        above=above,
        only=only,
        most=MOST,
    )
    what = _said_of(context, kind, BY_SLUG[slug].words.format(n=distance))
    many = worded(f"{len(sentences)} sentences", context.model.reads)
    _say(found, kind, above, what, many)
    if found.hits:
        _hits(context, sentences, found)


def _wanted(context: RunContext) -> tuple[str, str, int, float, tuple[int, int] | None]:
    """Kind, pattern, distance, threshold, and (layer, head) or None."""
    columns = st.columns([3, 2, 3, 2, 3], vertical_alignment="bottom")
    kind = selection.choice("seek_kind", KINDS, "cross")
    columns[0].selectbox(
        "Attention",
        KINDS,
        format_func=theme.KIND_NAMES.__getitem__,
        **selection.widget("seek_kind"),
    )
    heads = {
        f"{layer}-{head}": (layer, head)
        for layer in range(context.trace.n_layers(kind))
        for head in range(context.trace.heads(kind))
    }
    only = selection.choice("seek_head", [ANY, *heads], ANY)
    columns[1].selectbox(
        "Head",
        [ANY, *heads],
        format_func=lambda name: head_name(*heads[name]) if name in heads else "any head",
        **selection.widget("seek_head"),
    )
    slugs = [one.slug for one in PATTERNS if kind in one.kinds and _sought(context, kind, one)]
    slug = selection.choice("seek", slugs, slugs[0])
    columns[2].selectbox(
        "Puts its weight",
        slugs,
        format_func=lambda name: _said_of(context, kind, BY_SLUG[name].words.format(n="…")),
        **selection.widget("seek"),
    )
    distance = selection.whole("far")
    columns[3].number_input(
        _said_of(context, kind, "Distance in words"),
        min_value=0,
        max_value=int(param("far").high),
        disabled=slug != "far",
        **selection.widget("far"),
    )
    above = selection.number("above")
    columns[4].slider(
        "Weight above", 0.0, param("above").high, step=0.05, **selection.widget("above")
    )
    return kind, slug, distance, above, heads.get(only)


def _said_of(context: RunContext, kind: str, words: str) -> str:
    """What is said of the words that a row looks at; in the source they may be other parts."""
    if kind == "decoder_self":
        return words
    reads = context.model.reads
    return words.replace("word", PART[reads]).replace("token", TOKEN[reads])


def _sought(context: RunContext, kind: str, pattern: Pattern) -> bool:
    """A picture or a sound has no punctuation and no control tokens, and no word of the output
    stands so many of its slices away.
    """
    if kind == "decoder_self" or context.model.reads == "text":
        return True
    return pattern.slug not in ("punctuation", "special", *(["far"] if kind == "cross" else []))


def _say(found: Found, kind: str, above: float, what: str, many: str) -> None:
    """How common it is, and which head does it most."""
    short = theme.KIND_SHORT[kind]
    if not found.hits:
        st.info(
            f"No {short} head puts more than {above:.3f} {what}, in {many}. "
            "Lower the weight to find weaker ones."
        )
        return
    (layer, head), times = max(found.by_head.items(), key=lambda item: item[1])
    st.markdown(
        f"Most often: **{short} · {head_name(layer, head)}**, {times:,} cells above {above:.3f} "
        f"{what}. All heads: {found.above:,} of {found.cells:,} such cells in {many}."
    )


def _hits(context: RunContext, sentences: list[Mapped], found: Found) -> None:
    noun = NOUN[context.model.reads]
    rows = [_row(sentences[hit.sentence], hit, noun) for hit in found.hits]
    event = st.dataframe(
        {name: [row[name] for row in rows] for name in rows[0]},
        key="search-hits",
        on_select="rerun",
        selection_mode="single-row",
        hide_index=True,
        height=420,
        column_config={
            "weight": st.column_config.ProgressColumn(format="%.3f", min_value=0, max_value=1),
            noun: st.column_config.TextColumn(width="large"),
        },
    )
    if len(found.hits) < found.above:
        st.caption(f"The {len(found.hits)} strongest of {found.above:,}.")
    st.download_button(
        "CSV", lambda: to_csv(rows), "head-search.csv", "text/csv", icon=":material/download:"
    )
    for row in picked(event):
        if row < len(found.hits):
            hit = found.hits[row]
            source, text = sentences[hit.sentence].src.source, sentences[hit.sentence].text
            if source is not None:
                text = runtime.keep(source, runtime.name_of(context.model, source))
            place = (hit.kind, hit.layer, hit.head)
            pin = f"{hit.row}-{hit.column}"  # of single tokens, all of them
            open_head(context, place, text=text, pin=pin, u=None, sp=None)


def _row(sentence: Mapped, hit: Hit, noun: str) -> dict[str, str | float]:
    return {
        "head": head_name(hit.layer, hit.head),
        "from": row_names(sentence, hit.kind)[hit.row],
        "to": token_names(sentence.keys(hit.kind))[hit.column],
        "weight": hit.weight,
        noun: source_name(sentence.src),
        "output": sentence.output,
    }
