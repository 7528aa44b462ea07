"""How a page computes something: from what is remembered, or now, told of and in turn."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from html import escape
from typing import TypeVar

import streamlit as st

from headlight.model.run.pace import pace

from .server import Server, server, session_id
from .turns import LIGHT, LIGHT_BYTES

T = TypeVar("T")
SAY = 0.3
"""Seconds between two looks at whether the page is still wanted."""


def remembered(
    key: tuple[object, ...], make: Callable[[], T], doing: str, *, expected: int = 0
) -> T:
    """What is remembered under a key for the whole server, else what `make` returns.

    Args:
        key: all that the value follows from; the weights by their digest, not by their name.
        doing: said on the page when it takes longer than a moment; "" for nothing.
        expected: bytes that it will take.

    Raises:
        ValueError: what `make` raises; or it takes more memory or time than a request may.
    """
    house, session = server(), session_id()
    house.visit(session)
    found = house.cache.find(key, session)
    if found is not None:
        return found
    if expected > house.limits.bytes("request"):
        raise ValueError(
            f"This would take {expected / 1e6:,.0f} MB of memory; up to "
            f"{house.limits.request_megabytes:,.0f} MB are granted here. Shorten the text."
        )
    slot = st.empty() if doing and session else None
    with ExitStack() as stack:
        request = _Request(house, doing, slot, stack, short=0 < expected < LIGHT_BYTES)
        try:
            with pace(request.between):
                return house.cache.get(
                    key, make, session, expected=expected, waiting=request.between
                )
        except MemoryError:
            raise ValueError("This takes more memory than the server has. Shorten the text.") from (
                None
            )
        finally:
            if slot is not None and request.said:
                slot.empty()


class _Request:
    """One computation that a page waits for."""

    def __init__(
        self, house: Server, doing: str, slot: object, stack: ExitStack, short: bool
    ) -> None:
        self.house, self.doing, self.slot, self.stack = house, doing, slot, stack
        self.short = short
        self.looked = time.monotonic()
        self.computed = time.thread_time()
        self.said = self.is_long = False

    def between(self) -> None:
        """Called between two steps: short at first, then in turn with others, and told of.

        Saying something on the page is also where Streamlit ends a run that nobody waits for: the
        tab was closed, or something else was asked for meanwhile.
        """
        if self.short or (not self.is_long and time.thread_time() - self.computed < LIGHT):
            return
        if not self.is_long:
            self.is_long = True
            self.stack.enter_context(self.house.turns.long(self._say))
        self._say(0)
        self.house.turns.give_way()
        if time.thread_time() - self.computed > self.house.limits.request_seconds:
            raise ValueError(
                f"This took longer than {self.house.limits.request_seconds:.0f} seconds and was "
                "stopped. Shorten the text."
            )

    def _say(self, before: int) -> None:
        now = time.monotonic()
        if self.slot is None or (self.said and now - self.looked < SAY):
            return
        self.looked, self.said = now, True
        waits = f" It waits for {before} before it." if before else ""
        said = escape(f"{self.doing}{waits}")
        self.slot.html(f'<p class="working" role="status">{said}</p>')  # type: ignore[attr-defined]
