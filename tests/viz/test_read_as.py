"""Where a text is read in another case than it was typed in, the page says how."""

from __future__ import annotations

import pytest

from tests.viz.page import run


@pytest.mark.parametrize(
    ("typed", "read"), [("HELLO WORLD", "Hello world"), ("The black cat sleeps.", "")]
)
def test_the_page_says_how_capitals_were_read(typed: str, read: str) -> None:
    said = [
        one.value.split("&emsp;")[1]
        for one in run("explore", model="translate-en-fr", text=typed).markdown
        if "Read as" in one.value
    ]
    assert said == ([read] if read else [])
