"""What the browser may still say although it was replaced.

A button, Back or another part of the page gives a widget another value. Until the browser has drawn
that, its requests carry the old one, which must not pass for a person's choice.
"""

from __future__ import annotations

from collections.abc import Collection

MOST = 50
"""Old values of a widget that are known at a time: more than anybody changes before the browser has
drawn one."""


class Replaced:
    """Old values of widgets, by name, until the browser says that it shows the new ones.

    Attributes:
        count: how often something was replaced; the browser names it when that is on the screen.
        given: what each widget was given last.
        offered: the options of each list, as they were drawn last.
    """

    def __init__(self) -> None:
        self.count = 0
        self.given: dict[str, object] = {}
        self.offered: dict[str, Collection[str]] = {}
        self._given: dict[str, str] = {}
        self._old: dict[str, set[str]] = {}

    def give(self, name: str, held: str | None, value: str) -> None:
        """A widget is given a value.

        Args:
            held: what it says as far as the server knows; None where it is new.
        """
        before = self._given.get(name, value)
        self._given[name] = value
        if held is None or held == value == before:
            return
        if held == value and name not in self._old:
            return  # chosen in the widget itself, which is to hear of nothing else
        old = self._old.get(name, set())
        self._old[name] = ((old if len(old) < MOST else set()) | {held, before}) - {value}
        self.count += 1

    def late(self, name: str, said: str) -> bool:
        """Whether a widget says no more than what was replaced, or what it was given itself.

        The latter is said to the server anew by a widget that is on the page no longer.
        """
        return said == self._given.get(name) or said in self._old.get(name, ())

    def withdrawn(self, name: str, said: str) -> bool:
        """Whether a list says what it does not offer.

        Streamlit's lists say an option's label. One that was drawn before the labels changed is not
        found, and comes as it is.
        """
        return name in self.offered and said not in self.offered[name]

    def drawn(self, count: int) -> None:
        """The browser shows what was replaced up to `count`; later things are still to come."""
        if count == self.count:
            self._old.clear()
