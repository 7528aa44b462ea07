"""Text of others, as the page's markdown shows it."""

from __future__ import annotations

import re
from typing import Any

import pytest
import segno

from headlight.viz.markdown import APART, MARKUP, plain, short
from headlight.viz.page.share import qr


@pytest.mark.parametrize(
    "text", ["AT&amp;T", "**a** $x$ :red[b]", "a_b_c", "<b>&lt;</b>", "1. x", "- y", "plain"]
)
def test_every_sign_that_markdown_reads_is_escaped(text: str) -> None:
    said = plain(text).replace(APART, "")
    assert re.sub(r"\\(.)", r"\1", said) == text
    bare = re.sub(r"\\.", "", said)
    assert not set(bare) & MARKUP


def test_what_streamlit_reads_a_second_time_is_set_apart() -> None:
    assert plain("a -> b") == f"a \\-{APART}\\> b"
    assert plain("www.x") == f"www{APART}\\.x"
    assert plain("a:b") == f"a\\:{APART}b"
    assert plain("a@b") == f"a{APART}\\@b"


def test_half_a_character_and_turned_writing_stay_within_the_text() -> None:
    assert plain("a\ud800") == "a?"
    assert plain("\u202ex") == "\u2068\u202ex\u2069\u2069"
    assert short("a" * 200) == "a" * 80 + "…"


def test_a_link_too_long_for_a_code_is_an_error_that_the_page_knows() -> None:
    assert 'alt="QR code' in qr("http://localhost/?text=" + "a" * 1_000)
    with pytest.raises(segno.DataOverflowError):
        qr("http://localhost/?text=" + "%D0%BF" * 600)


def test_the_page_says_that_a_link_is_too_long(monkeypatch: Any) -> None:
    from tests.viz.page import run

    monkeypatch.setattr("streamlit.popover", open_popover)
    tester = run("learn", text="п" * 400, learn="lessons")
    assert any("too long for a QR code" in one.value for one in tester.warning)


def open_popover(*_: Any, **__: Any) -> Any:
    import streamlit as st

    container: Any = st.container()
    container.open = True
    return container
