"""One's own file: by lines and by the length of a line."""

from __future__ import annotations

import tracemalloc

import pytest

from headlight.viz.page.own_text import own_lines
from headlight.viz.runtime import Limits


def test_lines_beyond_the_limit_are_left_out_and_told_of() -> None:
    lines, said = own_lines(b"one\ntwo\nthree\n", Limits(upload_lines=2))
    assert lines == ["one", "two"]
    assert said == "The first 2 of 3 lines are measured here."
    assert own_lines("größer\nzwei".encode(), Limits()) == (["größer", "zwei"], "")
    assert own_lines(b"", Limits()) == ([], "")


def test_a_line_of_ten_megabytes_is_refused_before_text_is_made_of_it() -> None:
    content = b"word " * 2_000_000
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="A line of this file has 10,000,000 bytes"):
            own_lines(content, Limits())
        assert tracemalloc.get_traced_memory()[1] < 2 * len(content)
    finally:
        tracemalloc.stop()
    with pytest.raises(ValueError, match="has 2,001 characters; up to 2,000"):
        own_lines(b"a" * 2_001, Limits())
