"""The view for others: its address as a link and as a QR code, on every page."""

from __future__ import annotations

import segno
import streamlit as st

from .. import selection
from ..markdown import plain


def share() -> None:
    """A fold with the address, which is made when it is opened."""
    popover = st.popover(
        "Share",
        icon=":material/qr_code_2:",
        type="tertiary",
        on_change=selection.redraw,
        key="share",
    )
    if not popover.open:
        return
    with popover:
        url = selection.share_url()
        try:
            st.html(qr(url))
        except segno.DataOverflowError:
            st.warning("This view makes the link too long for a QR code; the link itself works.")
        st.code(url, language=None, wrap_lines=True)
        if selection.is_local(url):
            st.caption(
                "This address works on this computer only, and no network was found. Start the "
                "app with `HEADLIGHT_HOST` set to the name or number by which others know it."
            )
        elif selection.is_local(st.context.url or ""):
            st.caption(
                f"For others on your network this computer is {plain(selection.own_address())}. "
                "If they cannot open it, set `HEADLIGHT_HOST` to the right name or number."
            )


def qr(link: str) -> str:
    """A QR code as an image, black on white in light and dark, because cameras expect that."""
    code = segno.make(link, error="m", micro=False)
    picture = code.svg_data_uri(scale=8, border=4, dark="black", light="white")
    return f'<img alt="QR code of this address" style="width:min(400px,75vw)" src="{picture}">'
