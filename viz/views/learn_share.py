"""Before a class: the address as a QR code, and printing."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

import segno
import streamlit as st

from .. import address, state
from .words import plain

_PRINT_STYLE = """<style>
@media print {
  [data-testid="stSidebar"], [data-testid="stHeader"], [class*="st-key-learn-bar"],
  [class*="st-key-print"], [class*="st-key-model"], [class*="st-key-text"],
  [class*="st-key-example"], [data-testid="stMain"] [data-testid="stCaptionContainer"]
  { display: none !important; }
  .stApp, [data-testid="stAppViewContainer"], [data-testid="stMain"], html, body
  { position: static !important; overflow: visible !important; height: auto !important;
    background: white !important; color: black !important; }
  [data-testid="stMain"] * { color: black !important; background: transparent !important; }
  h2 { break-after: avoid; } h3 { break-after: avoid; } p, li { break-inside: avoid; }
}
</style>"""

_PRINT = st.components.v2.component(
    "headlight_print",
    html='<button type="button">Print these notes</button>',
    css="""
    button { font: inherit; color: var(--st-text-color); background: var(--st-background-color);
      border: 1px solid var(--st-border-color); border-radius: 4px; padding: 0.4em 0.9em; }
    button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
    """,
    js="""export default function ({ parentElement }) {
      const button = parentElement.querySelector("button");
      button.onclick = () => window.print();
    }""",
)


def share() -> None:
    """The address of this very view, as a link and as a QR code."""
    popover = st.popover("Share", icon=":material/qr_code_2:", on_change="rerun", key="share")
    with popover:
        if not popover.open:
            return
        shared = _reachable(address.shared())
        try:
            st.html(qr(shared))
        except segno.DataOverflowError:
            st.warning("The text makes this link too long for a QR code; the link itself works.")
        st.code(shared, language=None, wrap_lines=True)


def _reachable(link: str) -> str:
    """The address with the host under which others reach this computer, if they are told one."""
    parts = urlsplit(link)
    if parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        return link
    host = st.text_input(
        "This computer's name or number on the network",
        key=state.REACHED,
        placeholder="such as 192.168.1.20",
        help="The address in use now works on this computer only.",
    ).strip()
    if not host:
        st.caption(
            f"The class cannot open {plain(parts.netloc)}: it means “this computer” on every "
            "computer. Type the name or number under which this one is known on your network."
        )
        return link
    return with_host(link, host)


def with_host(link: str, host: str) -> str:
    """The address at another host; its port stays unless a new one is given with the host."""
    parts = urlsplit(link)
    port = "" if ":" in host or not parts.port else f":{parts.port}"
    return urlunsplit((parts.scheme, f"{host}{port}", parts.path, parts.query, ""))


def qr(link: str) -> str:
    """A QR code as an image, black on white in light and dark, because cameras expect that."""
    code = segno.make(link, error="m", micro=False)
    picture = code.svg_data_uri(scale=8, border=4, dark="black", light="white")
    return f'<img alt="QR code of this address" style="width:min(400px,75vw)" src="{picture}">'


def print_button() -> None:
    """Print the page without everything that is not the notes."""
    st.html(_PRINT_STYLE)
    _PRINT(key="print")
