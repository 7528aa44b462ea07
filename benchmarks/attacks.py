"""What one visitor can do to the others: every attack that once worked, and every heavy page.

Each is called again and again until its time is up: with the server's address, and that time.
"""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable

import numpy as np

import headlight
from benchmarks.protocol import Tab

MODEL = "translate-en-fr"
LONG = "cat " * 500
WORDS = "the cat sat on the mat and looked at the old dog near the river " * 16


def _left(until: float) -> float:
    return max(until - time.monotonic(), 0.1)


def crafted_description(url: str, until: float) -> None:
    """A saved run of 0.2 MB whose description is 120 MB of brackets."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as parts:
        array = io.BytesIO()
        np.save(array, np.frombuffer(b"[" + b"[]," * 40_000_000 + b"[]]", np.uint8))
        parts.writestr("meta.npy", array.getvalue())
    _open_run(url, content.getvalue(), until)


def large_run(url: str, until: float) -> None:
    """A saved run of a long text, as large as they get."""
    content = io.BytesIO()
    headlight.load(MODEL).run("cat " * 240).save(content)
    _open_run(url, content.getvalue(), until)


def _open_run(url: str, content: bytes, until: float) -> None:
    with Tab(url, model=MODEL, text="The cat sat.") as tab:
        tab.rerun()
        tab.upload("A run saved by Headlight", "run.npz", content)
        while time.monotonic() < until:
            tab.rerun()
            tab.listen(1)


def long_texts(url: str, until: float) -> None:
    """Long texts on Explore, one after the other."""
    with Tab(url, model=MODEL, text="The cat sat.") as tab:
        tab.rerun()
        for i in range(10):
            tab.type("Source text", f"{'cat ' * (480 - i)}")
            if time.monotonic() > until:
                return


def pasted_book(url: str, until: float) -> None:
    """Ten megabytes pasted into the field, then reruns."""
    with Tab(url, model=MODEL, text="The cat sat.") as tab:
        tab.rerun()
        tab.type("Source text", "The cat sat on the mat. " * 420_000)
        while time.monotonic() < until:
            tab.rerun()


def output_to_source(url: str, until: float) -> None:
    """The slowest way from output to source, of a long text; the tab is closed in the middle."""
    with Tab(url, "heads", model=MODEL, text=WORDS[:1200], part="sources") as tab:
        tab.rerun()
        tab.listen(min(_left(until), 20))


def wide_beam(url: str, until: float) -> None:
    """A beam of 32 on a long text."""
    with Tab(url, "decode", model=MODEL, text=LONG[:1900], strategy="beam", beam="32") as tab:
        tab.rerun()


def one_long_line(url: str, until: float) -> None:
    """An own file of a single line of ten megabytes."""
    _own_file(url, b"word " * 2_160_000, until)


def own_file(url: str, until: float) -> None:
    """An own file of 2,000 lines of 240 words."""
    _own_file(url, (" ".join(["cat"] * 240) + "\n").encode() * 2_000, until)


def _own_file(url: str, content: bytes, until: float) -> None:
    with Tab(url, "heads", model=MODEL, text="The cat sat.", on="own") as tab:
        tab.rerun()
        tab.upload("A text file", "own.txt", content)
        tab.listen(_left(until))


def maps_of_all(url: str, until: float) -> None:
    """The maps of all sentences."""
    with Tab(url, "heads", model=MODEL, text="The cat sat.", part="search") as tab:
        tab.rerun()
        tab.listen(_left(until))


def inside(url: str, until: float) -> None:
    """Inside a head, one section after the other, on a text of a hundred tokens."""
    for section in ("follow", "matrices", "places", "break", "layers", "words"):
        with Tab(url, "inside", model=MODEL, text=WORDS[:400], section=section) as tab:
            tab.rerun()
        if time.monotonic() > until:
            return


def pages(url: str, until: float) -> None:
    """Every page on a text of a hundred tokens."""
    for page in ("", "decode", "heads", "inside", "learn", "training"):
        with Tab(url, page, model=MODEL, text=WORDS[:400]) as tab:
            tab.rerun()
        if time.monotonic() > until:
            return


def clearing(url: str, until: float) -> None:
    """Clears the server's caches again and again."""
    with Tab(url, model=MODEL, text="The cat sat.") as tab:
        tab.rerun()
        while time.monotonic() < until:
            tab.clear_caches()
            tab.listen(0.5)


def lab(url: str, until: float) -> None:
    """What each head is worth on fresh inputs."""
    _page(url, until, "heads", part="lab")


def pruning(url: str, until: float) -> None:
    """Heads removed one by one."""
    _page(url, until, "heads", part="pruning")


def patching(url: str, until: float) -> None:
    """A patching map of two sentences."""
    _page(url, until, "interventions", part="patching", text="The black cat sleeps.")


def two_texts(url: str, until: float) -> None:
    """Two long texts beside each other in the lens."""
    _page(url, until, "", text=WORDS[:700], compare=WORDS[:650])


def teacher_forcing(url: str, until: float) -> None:
    """A long target text."""
    _page(url, until, "decode", view="forcing", text=WORDS[:400], target=WORDS[:600])


def strategies(url: str, until: float) -> None:
    """All strategies on a text of a hundred tokens, each three times."""
    _page(url, until, "decode", view="strategies", text=WORDS[:400], beam="32")


def training(url: str, until: float) -> None:
    """A live training, started and watched."""
    with Tab(url, "training", training="live") as tab:
        tab.rerun()
        tab.press("Start")
        tab.listen(_left(until))


def _page(url: str, until: float, page: str, **query: str) -> None:
    with Tab(url, page, **{"model": MODEL, "text": "The cat sat.", **query}) as tab:
        tab.rerun()
        tab.listen(min(_left(until), 20))


ATTACKS: dict[str, tuple[str, Callable[[str, float], None]]] = {
    "file": ("opens a crafted file", crafted_description),
    "run": ("opens a large run", large_run),
    "texts": ("types long texts", long_texts),
    "book": ("pastes a book", pasted_book),
    "sources": ("asks from output to source", output_to_source),
    "beam": ("searches with a wide beam", wide_beam),
    "line": ("measures one long line", one_long_line),
    "lines": ("measures 2,000 long lines", own_file),
    "caches": ("clears the caches", clearing),
    "maps": ("maps all sentences", maps_of_all),
    "lab": ("opens the lab of heads", lab),
    "pruning": ("removes heads one by one", pruning),
    "patching": ("draws a patching map", patching),
    "inside": ("looks inside heads", inside),
    "two": ("compares two long texts", two_texts),
    "forcing": ("forces a long target", teacher_forcing),
    "strategies": ("compares strategies", strategies),
    "training": ("trains a model", training),
    "pages": ("opens every page", pages),
}
"""By the name of the part: what the other session does, and how."""
