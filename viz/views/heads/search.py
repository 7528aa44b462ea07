"""Head search: the sentences and cells where heads do a thing most."""

from __future__ import annotations

import streamlit as st

from headlight.model.analysis.heads.search import PATTERNS, Found, Hit, Mapped, search
from headlight.model.run.trace import KINDS

from ... import address, runtime, state, theme
from ..bench import Bench
from ..words import head_name
from .words import open_head, picked
from .work import result

BY_SLUG = {one.slug: one for one in PATTERNS}
ANY = "any"
MOST = 100
MOST_FAR = 50
HIGHEST = 0.99


def render(bench: Bench) -> None:
    """What to look for, and what was found in the project's sentences."""
    st.caption(
        "Over the project's sentences: which head puts much weight on a certain place, and where? "
        "Choose a row to see that very cell in Explore."
    )
    kind, slug, distance, above, only = _wanted(bench)
    sentences: list[Mapped] | None = result(
        runtime.scanning(bench.model, None), "Read the sentences", at_once=True
    )
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
    what = BY_SLUG[slug].words.format(n=distance)
    _say(found, kind, above, what, len(sentences))
    if found.hits:
        _hits(bench, sentences, found)


def _wanted(bench: Bench) -> tuple[str, str, int, float, tuple[int, int] | None]:
    """Kind, pattern, distance, threshold, and (layer, head) or None."""
    columns = st.columns([3, 2, 3, 2, 3], vertical_alignment="bottom")
    kind = address.placed(state.SEEK_KIND, KINDS, "cross")
    columns[0].selectbox(
        "Heads of",
        KINDS,
        format_func=theme.KIND_NAMES.__getitem__,
        **address.placing(state.SEEK_KIND),
    )
    heads = {
        f"{layer}-{head}": (layer, head)
        for layer in range(bench.trace.n_layers(kind))
        for head in range(bench.trace.n_heads)
    }
    only = address.placed(state.SEEK_HEAD, [ANY, *heads], ANY)
    columns[1].selectbox(
        "Which",
        [ANY, *heads],
        format_func=lambda name: head_name(*heads[name]) if name in heads else "any head",
        **address.placing(state.SEEK_HEAD),
    )
    slugs = [one.slug for one in PATTERNS if kind in one.kinds]
    slug = address.placed(state.SEEK, slugs, slugs[0])
    columns[2].selectbox(
        "put weight",
        slugs,
        format_func=lambda name: BY_SLUG[name].words.format(n="…"),
        **address.placing(state.SEEK),
    )
    address.placed_number(state.FAR, 4, 0, MOST_FAR)
    distance = columns[3].number_input(
        "away, in words",
        min_value=0,
        max_value=MOST_FAR,
        disabled=slug != "far",
        **address.placing(state.FAR),
    )
    address.placed_number(state.ABOVE, 0.8, 0, HIGHEST)
    above = columns[4].slider(
        "weight above", 0.0, HIGHEST, step=0.05, **address.placing(state.ABOVE)
    )
    return kind, slug, int(distance), float(above), heads.get(only)


def _say(found: Found, kind: str, above: float, what: str, n_sentences: int) -> None:
    """How common it is, and which head does it most."""
    short = theme.KIND_SHORT[kind]
    if not found.hits:
        st.info(
            f"No {short} head puts more than {above:.3f} {what}, in {n_sentences} sentences. "
            "Lower the weight to see the next best."
        )
        return
    (layer, head), times = max(found.by_head.items(), key=lambda item: item[1])
    st.markdown(
        f"**{short} · {head_name(layer, head)}** does it most: {times:,} times more than "
        f"{above:.3f} {what}. All in all {found.above:,} of {found.cells:,} such cells in "
        f"{n_sentences} sentences."
    )


def _hits(bench: Bench, sentences: list[Mapped], found: Found) -> None:
    rows = [_row(sentences[hit.sentence], hit) for hit in found.hits]
    event = st.dataframe(
        {name: [row[name] for row in rows] for name in rows[0]},
        key="search-hits",
        on_select="rerun",
        selection_mode="single-row",
        hide_index=True,
        height=420,
        column_config={
            "weight": st.column_config.ProgressColumn(format="%.3f", min_value=0, max_value=1),
            "sentence": st.column_config.TextColumn(width="large"),
        },
    )
    if len(found.hits) < found.above:
        st.caption(f"The {len(found.hits)} strongest of {found.above:,}.")
    for row in picked(event):
        if row < len(found.hits):
            hit = found.hits[row]
            text = sentences[hit.sentence].text
            place = (hit.kind, hit.layer, hit.head)
            open_head(bench, place, text=text, pin=f"{hit.row}-{hit.column}")


def _row(sentence: Mapped, hit: Hit) -> dict[str, str | float]:
    queries, keys = sentence.queries(hit.kind), sentence.keys(hit.kind)
    return {
        "head": head_name(hit.layer, hit.head),
        "from": queries.surface(hit.row),
        "to": keys.surface(hit.column),
        "weight": hit.weight,
        "sentence": sentence.text,
        "output": sentence.output,
    }
