"""One's own text: a file of sentences, or of gold alignments."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from headlight.model.analysis.alignment.gold import GoldError, GoldPair, join, parse_gold

from .. import runtime
from ..markdown import plain


class Own(NamedTuple):
    """One's own text, one source text a line, and its true alignments where they are known."""

    text: str
    name: str
    gold: tuple[GoldPair, ...] = ()


def own_text(*, gold: bool = True, key: str = "own_text") -> Own | None:
    """What was given; None for nothing, or a file that cannot be used.

    Args:
        gold: take a file of gold alignments as well.
        key: of the field, where a page has several.
    """
    file = st.file_uploader(
        "A text file with one source text per line"
        + (", or gold alignments (.tsv)" if gold else ""),
        type=["txt", "tsv"] if gold else ["txt"],
        key=key,
    )
    if file is None:
        said = f"This page measures up to {runtime.limits().upload_lines:,.0f} lines"
        if gold:
            said += (
                "; the command `headlight atlas` takes any number. In a file of gold alignments "
                "each line has four fields, separated by tabs: a name, source tokens, target "
                "tokens, and links such as `0-1` (sure) or `0p1` (possible)"
            )
        st.caption(f"{said}.")
        return None
    try:
        kept, said = own_lines(file.getvalue(), runtime.limits())
    except ValueError as error:
        st.warning(plain(str(error)))
        return None
    if said:
        st.caption(said)
    if not file.name.endswith(".tsv"):
        return Own("\n".join(kept), file.name)
    try:
        pairs = tuple(parse_gold(kept, file.name))
    except GoldError as error:
        st.warning(plain(str(error)))
        return None
    return Own("\n".join(join(pair.source)[0] for pair in pairs), file.name, pairs)


def own_lines(content: bytes, limits: runtime.Limits) -> tuple[list[str], str]:
    """The lines that are measured, and what to say of the others; "" when there are none.

    Raises:
        ValueError: a line is longer than is taken: then this is no file of sentences.
    """
    most, longest = int(limits.upload_lines), int(limits.upload_line_characters)
    first = content.splitlines()  # in bytes: no text is made of what is left out
    if (long := max(map(len, first[:most]), default=0)) > 4 * longest:
        raise ValueError(
            f"A line of this file has {long:,} bytes; up to {longest:,} characters per line are "
            "read."
        )
    lines = [line.decode("utf-8", errors="replace") for line in first[:most]]
    if (long := max(map(len, lines), default=0)) > longest:
        raise ValueError(
            f"A line of this file has {long:,} characters; up to {longest:,} are read."
        )
    said = ""
    if len(first) > most:
        said = f"The first {most:,} of {len(first):,} lines are measured here."
    return lines, said
