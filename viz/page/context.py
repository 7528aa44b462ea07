"""What every page starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from streamlit.navigation.page import StreamlitPage

from headlight.model import Model, Trace

from .. import selection


@dataclass(frozen=True)
class RunContext:
    """The model, the text that it took, and the greedy trace.

    `pages` are all pages by their PATH, for links from one to another.
    """

    model: Model
    text: str
    trace: Trace
    pages: Mapping[str, StreamlitPage]

    def link(self, path: str, label: str, icon: str | None = None, **changes: object) -> None:
        """A link to another page, where one goes on with `changes` to what is selected."""
        selection.link(self.pages[path], label, icon, **changes)

    def open(self, path: str, **changes: object) -> None:
        """Go to another page now, with `changes`, if there is such a page."""
        if path in self.pages:
            selection.go(self.pages[path], **changes)
