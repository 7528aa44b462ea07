"""What takes more than a request may is told of in words, wherever on a page it was asked for."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def page() -> None:
    from headlight.viz.page.given import render
    from headlight.viz.runtime import OverLimit

    def view(context: object) -> None:
        raise OverLimit("This took longer than *60* seconds and was stopped. Shorten the input.")

    render(view, None)  # type: ignore[arg-type]


def test_it_is_told_of_in_words() -> None:
    tester = AppTest.from_function(page, default_timeout=60).run()
    assert not tester.exception
    (said,) = tester.warning
    assert said.value.replace("\\", "") == (
        "This took longer than *60* seconds and was stopped. Shorten the input."
    )
