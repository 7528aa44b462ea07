"""The server opens no connection to elsewhere: not at its start, not for a page, not for another's
page that knocks; and what the hosting page says of the limits is true.
"""

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.request
from dataclasses import fields
from pathlib import Path

import pytest

from benchmarks.protocol import Tab
from headlight.viz.runtime.limits import PREFIX, Limits
from tests.browser.session import ROOT, serve_command

NOTES = """
import os, socket
connect, look_up = socket.socket.connect, socket.getaddrinfo
def note(what):
    with open(os.environ["NOTED"], "a") as file:
        file.write(f"{what}\\n")
def noted(self, address):
    outside = isinstance(address, tuple) and not str(address[0]).startswith(("127.", "::1"))
    if outside and self.type == socket.SOCK_STREAM:
        note(address)
        raise ConnectionRefusedError(address)
    return connect(self, address)
def asked(host, *rest, **options):
    if host not in (None, "localhost", "127.0.0.1", "::1", ""):
        note(host)
        raise socket.gaierror(host)
    return look_up(host, *rest, **options)
socket.socket.connect, socket.getaddrinfo = noted, asked
socket.gethostbyname = socket.gethostbyname_ex = asked
"""


def test_the_server_asks_the_network_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(NOTES)
    noted = tmp_path / "noted.txt"
    noted.touch()
    monkeypatch.setenv("NOTED", str(noted))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(ROOT)]))
    command = [sys.executable, "-m", "headlight", "--port", "{port}"]
    everywhere = {"STREAMLIT_SERVER_ADDRESS": ""}
    with serve_command(command, tmp_path / "log.txt", cwd=ROOT, **everywhere) as server:
        knock(server.url)  # before anybody has opened a page
        with Tab(server.url, model="reverse", text="c a b") as tab:
            tab.rerun()
            assert not tab.errors
        knock(server.url)
    assert noted.read_text() == ""


def knock(url: str) -> None:
    """Ask as a page of another origin does; whether that is its own, Streamlit looks up."""
    asked = urllib.request.Request(
        f"{url}/_stcore/upload_file/x/y",
        method="OPTIONS",
        headers={"Origin": "https://evil.example"},
    )
    try:
        urllib.request.urlopen(asked, timeout=10).close()
    except urllib.error.HTTPError as refused:
        refused.close()


def test_the_hosting_page_tells_every_limit() -> None:
    page = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    for one in fields(Limits):
        unit = f" {one.metadata['unit']}" if one.metadata["unit"] else ""
        name, meaning = f"{PREFIX}{one.name.upper()}", one.metadata["meaning"]
        assert f"| `{name}` | {one.default:,}{unit} | {meaning} |" in page
