"""One's own text for the maps of heads: a file of sentences, or of gold alignments."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from headlight.model.analysis.alignment.gold import GoldError, GoldPair, join, parse_gold

from ... import state
from ..words import plain

MOST_LINES = 2_000
"""Lines of one's own file that the page measures; the command takes any number."""


class Own(NamedTuple):
    """One's own text, one source text a line, and its true alignments where they are known."""

    text: str
    name: str
    gold: tuple[GoldPair, ...] = ()


def own_text() -> Own | None:
    """What was given; None for nothing, or a file that cannot be used."""
    file = st.file_uploader(
        "A text file with one source text a line, or gold alignments (.tsv)",
        type=["txt", "tsv"],
        key=state.OWN_TEXT,
    )
    if file is None:
        st.caption(
            f"The page measures up to {MOST_LINES:,} lines; the command "
            "`headlight atlas` takes any number. Gold alignments have four fields a "
            "line with tabs between them: a name, source tokens, target tokens, and links such as "
            "`0-1` (sure) or `0p1` (possible)."
        )
        return None
    lines = file.getvalue().decode("utf-8", errors="replace").splitlines()
    if len(lines) > MOST_LINES:
        st.caption(f"The first {MOST_LINES:,} of {len(lines):,} lines are measured here.")
    kept = lines[:MOST_LINES]
    if not file.name.endswith(".tsv"):
        return Own("\n".join(kept), file.name)
    try:
        pairs = tuple(parse_gold(kept, file.name))
    except GoldError as error:
        st.warning(plain(str(error)))
        return None
    return Own("\n".join(join(pair.source)[0] for pair in pairs), file.name, pairs)
