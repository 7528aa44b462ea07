"""What could not be used of a link, or was far too long: sentences above the page."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from .. import selection
from ..markdown import plain, short
from ..selection import Ignored
from ..selection.table import param

MAX_PARTS = 4
"""Parts of a link that are named; of the others it is said how many there are."""
LONGEST = 40
"""Characters of a name or a value that are shown."""


def run(page: StreamlitPage) -> None:
    """Draw the page, which finds out what it can use, and then the sentence above it.

    A press takes it away.
    """
    above = st.container()
    for name, n in selection.refused().items():
        above.warning(
            f"What was given as {plain(param(name).words)} has {n:,} characters: more than any "
            "page takes. It was left as it was."
        )
    page.run()
    if parts := selection.ignored():
        with above, st.container(horizontal=True, vertical_alignment="center", key="link-notice"):
            st.warning(sentence(parts), icon=":material/link_off:", width="stretch")
            st.button(
                "Dismiss", key="close-link-notice", type="tertiary", on_click=selection.dismiss
            )


def sentence(parts: Sequence[Ignored]) -> str:
    """The parts that cannot be used, and what they can be; harmless as markdown."""
    named = [_part(one) for one in parts[:MAX_PARTS]]
    if more := len(parts) - MAX_PARTS:
        named += [f"{more} more"] if more > 0 else []
    return f"Ignored from this link: {'; '.join(named)}. Using defaults."


def _part(one: Ignored) -> str:
    allowed = one.allowed.rstrip(".") or "this model has no such thing"
    return f"“{short(one.name, LONGEST)}={short(one.said, LONGEST)}” ({plain(allowed)})"
