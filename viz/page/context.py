"""What every page starts from."""

from __future__ import annotations

from collections.abc import Mapping
from weakref import ref

from streamlit.navigation.page import StreamlitPage

from headlight.model import Model, Trace

from .. import runtime, selection


class RunContext:
    """The model, the text that it took, and the greedy trace.

    A page that was drawn is kept for minutes, also behind a closed tab, and a trace may be large:
    from `rest` on only what the server remembers keeps it, and it is made again if need be.
    `pages` are all pages by their PATH, for links from one to another.
    """

    def __init__(
        self, model: Model, text: str, trace: Trace, pages: Mapping[str, StreamlitPage]
    ) -> None:
        self.model, self.text, self.pages = model, text, pages
        self._held: Trace | None = trace
        self._remembered = ref(trace)

    @property
    def trace(self) -> Trace:
        """The greedy trace."""
        found = self._held or self._remembered()
        if found is None:
            found = runtime.run(self.model, self.text)
            self._remembered = ref(found)
        return found

    def rest(self) -> None:
        """The page is drawn: hold the trace no longer."""
        self._held = None

    def link(self, path: str, label: str, icon: str | None = None, **changes: object) -> None:
        """A link to another page, where one goes on with `changes` to what is selected."""
        selection.link(self.pages[path], label, icon, **changes)

    def open(self, path: str, **changes: object) -> None:
        """Go to another page now, with `changes`, if there is such a page."""
        if path in self.pages:
            selection.go(self.pages[path], **changes)
