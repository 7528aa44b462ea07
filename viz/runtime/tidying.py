"""What pages have left is collected, and memory given back, without holding up the pages."""

from __future__ import annotations

import gc
import threading
import time

from .memory import give_back
from .short import Short

STORED = 125.0
"""Seconds after which Streamlit forgets the session of a closed tab, and what its page showed."""
COLLECT, COST = 2.0, 0.03
"""Least seconds between two looks for what pages have left that holds each other, and the largest
part of the time that looks take: no page is drawn meanwhile."""
PATIENCE = 0.5
"""Most seconds for which such a look waits for a page that is being drawn."""
TIDY = 10.0
"""Least seconds between giving memory back, however many tabs are closed meanwhile."""


class Tidying:
    """That of one server.

    Streamlit would collect after every run (`runner.postScriptGC`, off in its configuration): a
    look at the pages of all sessions, which for thirty of them costs as much as a page.

    Args:
        short: the pages that are drawn.
    """

    def __init__(self, short: Short) -> None:
        self._short = short
        self._lock = threading.Lock()
        self._settled = self._drawn = False
        self._collect_at = 0.0
        self._tidy_at: list[float] = []
        self._tidied = -TIDY

    def __bool__(self) -> bool:
        """Whether memory is yet to be given back."""
        return bool(self._tidy_at)

    def settle(self) -> None:
        """Take what was imported and loaded out of the garbage collector's sight, once.

        With all of torch in sight a look takes longer than decoding a sentence.
        """
        with self._lock:
            if self._settled:
                return
            self._settled = True
        gc.collect()
        gc.freeze()

    def drawn(self) -> None:
        """A page was drawn."""
        self._drawn = True

    def closed(self, now: float) -> None:
        """What closed tabs held was let go of."""
        self._tidy_at = sorted({max(now, self._tidied + TIDY), now + STORED})

    def tidy(self, now: float) -> None:
        """Collect what pages have left, and after tabs were closed give memory back."""
        tidy = bool(self._tidy_at) and self._tidy_at[0] <= now
        if now < self._collect_at or not (tidy or self._drawn):
            return
        self._drawn = False
        self._short.wait(PATIENCE)
        began = time.thread_time()
        gc.collect()
        self._collect_at = now + max(COLLECT, (time.thread_time() - began) / COST)
        if tidy:
            self._tidy_at = [later for later in self._tidy_at if later > now]
            self._tidied = now
            give_back()
