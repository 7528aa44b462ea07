"""Going on: links to other pages, and this view's address for others."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping
from typing import NoReturn
from urllib.parse import urlsplit

import streamlit as st
from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.scriptrunner import get_script_run_ctx

from .running import current, session, update
from .table import OWN, param
from .value import as_text

HOST = "HEADLIGHT_HOST"
"""Names this server as other computers know it, where it cannot find that out by itself."""
URL = "HEADLIGHT_URL"
"""The whole address by which others know it, such as https://attention.school.example/lab."""
_LOCAL = ("localhost", "127.0.0.1", "::1")


def link(
    page: StreamlitPage, label: str | None = None, icon: str | None = None, **changes: object
) -> None:
    """A link to a page. The selection goes along by itself; `changes` are made on the way."""
    query = {param(name).name: as_text(value) or "" for name, value in changes.items()}
    st.page_link(page, label=label, icon=icon, query_params=query)


def go(page: StreamlitPage, **changes: object) -> None:
    """Open a page now, with `changes`."""
    here = session()
    here.leave(page.url_path)
    update(**changes)
    open_page(page._script_hash)


def open_page(name: str) -> NoReturn:
    """Draw a page, by its name among Streamlit's, in place of this one.

    Not by `st.switch_page`, which writes an address: where the browser's own is newer than what is
    known of it here, that is one more entry of the browser's history.
    """
    if context := get_script_run_ctx():
        context.set_mpa_v2_page(name)
    st.rerun()


def share_url() -> str:
    """The address of this view, to be opened by others, who do not present."""
    here = session()
    page = urlsplit(st.context.url or "").path.strip("/")
    if root := _root():
        page = page.removeprefix(root).strip("/")
    return address_of(page, current().query(here.page, without=OWN))


def address_of(page: str, query: str, base: str = "") -> str:
    """A page of this server as others open it, "" for the first.

    Args:
        base: another host, with a port or without, or a whole address to put in its place.
    """
    base = base or os.environ.get(URL, "").strip()
    parts = urlsplit(st.context.url or "")
    if "//" not in base:
        netloc = with_host(parts.netloc, base) if base else reachable(parts.netloc)
        base = f"{parts.scheme}://{'/'.join(filter(None, (netloc, _root())))}"
    return f"{base.rstrip('/')}/{page}" + (f"?{query}" if query else "")


def _root() -> str:
    """The path below which this server answers; "" for none."""
    return str(st.get_option("server.baseUrlPath")).strip("/")


def reachable(netloc: str) -> str:
    """Host and port as other computers reach them; `localhost` means another computer on each."""
    parts = urlsplit(f"//{netloc}")
    if parts.hostname not in _LOCAL or not (host := own_address()):
        return netloc
    return with_host(netloc, host)


def with_host(netloc: str, host: str) -> str:
    """The same at another host; the port stays unless a new one is given with the host."""
    port = urlsplit(f"//{netloc}").port
    return host if ":" in host or not port else f"{host}:{port}"


def is_local(url: str) -> bool:
    """Whether an address works on this computer only."""
    return urlsplit(url).hostname in _LOCAL


def own_address() -> str:
    """The name or number of this computer on its network; empty where it has none."""
    return next(iter(own_addresses()), "")


def own_addresses() -> list[str]:
    """All of them, the one that leads outside first."""
    named = os.environ.get(HOST, "").strip()
    found = [named] if named else []
    found += [_towards(network) for network in NETWORKS]
    usable = (one for one in found if one and not one.startswith("127.") and one != "0.0.0.0")
    return list(dict.fromkeys(usable))


NETWORKS = ("192.0.2.1", "192.168.255.254", "10.255.255.254", "172.31.255.254")
"""An address for documentation, behind any router, and one of each private network."""


def _towards(address: str) -> str:
    """The number of this computer on the network that leads to an address; "" for none.

    The socket is never written to: it only makes the system choose the network.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((address, 9))
        except OSError:
            return ""
        return str(probe.getsockname()[0])


def values() -> Mapping[str, str]:
    """What is selected beside model and text, for a file that shows the same view."""
    return follow()()


def follow() -> Callable[[], Mapping[str, str]]:
    """The same, to be asked later, where Streamlit no longer knows whose session it is."""
    here = session()
    return lambda: {n: said for n, said in here.value.items() if n not in ("model", "text")}
