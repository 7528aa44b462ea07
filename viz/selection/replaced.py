"""What the browser may still say although it was replaced.

A button, Back or another part of the page gives a widget another value. Until the browser has drawn
that, its requests carry the old one, which must not pass for a person's choice.
"""

from __future__ import annotations

from collections.abc import Mapping

from .value import Selection


class Replaced:
    """Old values of widgets, by name, until the browser says that it shows the new ones.

    Attributes:
        count: how often something was replaced; the browser names it when that is on the screen.
    """

    def __init__(self) -> None:
        self.count = 0
        self._old: dict[str, set[str]] = {}

    def note(self, before: Selection, now: Selection, held: Mapping[str, str]) -> None:
        """Remember what changed under widgets.

        Args:
            held: by name, what each widget says as far as the server knows.
        """
        changed = [name for name in held if before[name] != now[name]]
        for name in changed:
            if held[name] == now[name] and name not in self._old:
                continue  # chosen in the widget itself, which is to hear of nothing else
            self._old.setdefault(name, set()).update((before[name], held[name]))
            self._old[name].discard(now[name])
            self.count += 1

    def late(self, name: str, said: str) -> bool:
        """Whether a widget says no more than what was replaced."""
        return said in self._old.get(name, ())

    def drawn(self, count: int) -> None:
        """The browser shows what was replaced up to `count`; later things are still to come."""
        if count == self.count:
            self._old.clear()
