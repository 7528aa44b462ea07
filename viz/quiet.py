"""The server asks the network nothing, not even for its own address."""

from __future__ import annotations

from streamlit import net_util

NOWHERE = "0.0.0.0"


def ask_nothing() -> None:
    """Keep Streamlit from asking an outside service for this machine's address.

    It does so once a page of another origin knocks (1.67), to see whether that page is its own; it
    holds what it was told in this variable, and does not ask again. The command `headlight` calls
    this before the server starts, and the app when its first page is drawn.
    """
    if getattr(net_util, "_external_ip", NOWHERE) is None:
        net_util._external_ip = NOWHERE
