"""What one visitor can do to the others: every attack that once worked, and every heavy page.

Each round of an attack sees to it that it did what it says. It runs in a process of its own, as an
attacker's computer is another one, and has its files ready before it begins:

    python -m benchmarks.attacks beam http://127.0.0.1:8501
"""

from __future__ import annotations

import io
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import count

import numpy as np

import headlight
from benchmarks.protocol import Tab

MODEL = "translate-en-fr"
SHORT = "The cat sat."
LONG = "cat " * 475
WORDS = "the cat sat on the mat and looked at the old dog near the river " * 16
READY, DONE = "ready", "done"
OVERTIME = "This took longer than"
"""What a page says of work that was stopped at a request's own time: it was done until then."""
_round = count()


class Harmless(Exception):
    """An attack that did not do what it says, so that nothing is measured by it."""


@dataclass(frozen=True)
class Attack:
    """One of them.

    Args:
        words: what the other session does.
        act: a round of it: given the server's address, and until when it has time.
        content: the file that it brings.
    """

    words: str
    act: Callable[[str, float], None]
    content: Callable[[], bytes] = lambda: b""


@contextmanager
def _tab(url: str, page: str = "", **query: str) -> Iterator[Tab]:
    """A page that was drawn."""
    with Tab(url, page, **{"model": MODEL, "text": SHORT, **query}) as tab:
        tab.rerun()
        yield tab


def _must(tab: Tab, *words: str, seconds: float = 0.1) -> None:
    """The page says one of these, by then at the latest."""
    until = time.monotonic() + seconds
    while not any(tab.shows(one) for one in words):
        if time.monotonic() > until:
            raise Harmless(f"the page does not say {' or '.join(words)!r}; {tab.errors}")
        tab.listen(0.2)
        if not any(tab.shows(one) for one in words) and seconds > 1:
            tab.rerun()


def _left(until: float, most: float = 20.0) -> float:
    return min(max(until - time.monotonic(), 0.1), most)


# Files that are made to do harm, and large ones.


@cache
def crafted() -> bytes:
    """A saved run of 0.2 MB whose description is 120 MB of brackets."""
    return _zip("meta.npy", np.frombuffer(b"[" + b"[]," * 40_000_000 + b"[]]", np.uint8))


@cache
def vocabulary() -> bytes:
    """A saved run of 40 million tokens in a vocabulary, in 0.2 MB."""
    content = io.BytesIO()
    headlight.load("reverse").run("a b c").save(content)
    return _zip("log_probs.npy", np.zeros((1, 40_000_000), np.float32), content.getvalue())


def _zip(name: str, values: np.ndarray, of: bytes = b"") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as parts:
        with parts.open(name, "w", force_zip64=True) as part:
            np.save(part, values)
        if of:
            with zipfile.ZipFile(io.BytesIO(of)) as others:
                for one in others.infolist():
                    if one.filename != name:
                        parts.writestr(one.filename, others.read(one))
    return content.getvalue()


@cache
def large() -> bytes:
    """A saved run about as large as the server takes: 64 MB."""
    content = io.BytesIO()
    headlight.load(MODEL).run("cat " * 120).save(content)
    return content.getvalue()


@cache
def one_line() -> bytes:
    """Ten megabytes without a line's end."""
    return b"word " * 2_160_000


@cache
def many_lines() -> bytes:
    """2,000 lines of 240 words."""
    return (" ".join(["cat"] * 240) + "\n").encode() * 2_000


@cache
def picture() -> bytes:
    """A picture of 50 million pixels in a file of 0.2 MB."""
    from PIL import Image

    content = io.BytesIO()
    Image.new("RGBA", (10_000, 5_000)).save(content, "PNG")
    return content.getvalue()


def _opens(content: Callable[[], bytes], *said: str) -> Callable[[str, float], None]:
    def act(url: str, until: float) -> None:
        with _tab(url) as tab:
            tab.upload("A run saved by Headlight", "run.npz", content())
            _must(tab, *said)
            while time.monotonic() < until:
                tab.rerun()
                tab.listen(1)

    return act


def _measures(content: Callable[[], bytes], *said: str) -> Callable[[str, float], None]:
    def act(url: str, until: float) -> None:
        with _tab(url, "heads", on="own") as tab:
            tab.upload("A text file", "own.txt", content())
            _must(tab, *said)
            tab.listen(_left(until))

    return act


def _shows_picture(url: str, until: float) -> None:
    with _tab(url, model="read-digits", text="") as tab:
        tab.upload("A picture of digits", "large.png", picture())
        _must(tab, "make it smaller")
        tab.listen(_left(until, 2))


# Long texts.


def _long_texts(url: str, until: float) -> None:
    with _tab(url) as tab:
        for _ in range(10):
            tab.type("Source text", "cat " * (480 - next(_round) % 100))
            if tab.shows("Still showing"):
                raise Harmless("a long text was refused")
            if time.monotonic() > until:
                return


def _book(url: str, until: float) -> None:
    book = "The cat sat on the mat. " * 420_000
    with _tab(url) as tab:
        while time.monotonic() < until:
            tab.type("Source text", book)  # the page puts the last text back into the field
            _must(tab, "10,080,000 characters")
            tab.listen(1)


def _sources(n: int) -> Callable[[str, float], None]:
    def act(url: str, until: float) -> None:
        with ExitStack() as stack:
            tabs = [
                stack.enter_context(
                    _tab(url, "heads", text=f"{i} {WORDS[: 1200 - 5 * i]}", part="sources")
                )
                for i in range(n)
            ]
            for tab in tabs:
                _must(tab, "From output to source")
            tabs[0].listen(_left(until))  # and closed in the middle

    return act


def _wide_beam(url: str, until: float) -> None:
    text = LONG[: 1900 - 4 * (next(_round) % 100)]
    with _tab(url, "decode", text=text, strategy="beam", beam="32") as tab:
        if tab.component("steps") is None and not tab.shows(OVERTIME):
            raise Harmless(f"nothing was decoded; {tab.errors}")


def _forces(url: str, until: float) -> None:
    i = next(_round) % 100
    query = {"view": "forcing", "text": WORDS[: 400 - i], "target": WORDS[: 600 - i]}
    with _tab(url, "decode", **query) as tab:
        if tab.component("steps") is None or tab.shows("Still showing"):
            raise Harmless(f"nothing was forced; {tab.errors}")


def _two_texts(url: str, until: float) -> None:
    i = next(_round) % 100
    with _tab(url, text=WORDS[: 700 - i], compare=WORDS[: 650 - i]) as tab:
        if tab.component("lens") is None or tab.shows("Showing the first alone"):
            raise Harmless("nothing was compared")


def _strategies(url: str, until: float) -> None:
    text = WORDS[: 400 - next(_round) % 100]
    with _tab(url, "decode", view="strategies", text=text, beam="32") as tab:
        if not tab.holds("table") and not tab.shows(OVERTIME):
            raise Harmless(f"there is no table of strategies; {tab.errors}")


# Work in the background.


def _maps(url: str, until: float) -> None:
    with _tab(url, "heads", part="search") as tab:
        _must(tab, "Maps of all of them", "Most often", "No cross-attention")
        tab.listen(_left(until))


def _pressed(page: str, button: str, said: str, **query: str) -> Callable[[str, float], None]:
    """Work that a press begins, on other edits each time, so that none of it is remembered."""

    def act(url: str, until: float) -> None:
        i = next(_round) % 64
        off = headlight.Edits(ablate={("cross", i // 8 % 3, i % 8)}).to_text()
        with _tab(url, page, edits=off, **query) as tab:
            tab.press(button)
            _must(tab, said, "nats")
            tab.listen(_left(until))

    return act


def _patching(url: str, until: float) -> None:
    n = next(_round) % 40
    first, second = WORDS[: 200 - n], f"a {WORDS[: 200 - n]}"
    with _tab(url, "interventions", text=first, compare=second) as tab:
        _must(tab, "Patching map of", "patches run")
        tab.listen(_left(until))


def _training(url: str, until: float) -> None:
    with _tab(url, "training", training="live") as tab:
        tab.press("Start")
        _must(tab, "The process is starting", "Training", "before yours", seconds=10)
        tab.listen(_left(until, 60))


# Pages, and what a browser may ask of the server.


def _inside(url: str, until: float) -> None:
    text = WORDS[: 400 - next(_round) % 100]
    for section in ("follow", "matrices", "places", "break", "layers", "words"):
        with _tab(url, "inside", text=text, section=section) as tab:
            _no_failure(tab)
        if time.monotonic() > until:
            return


def _pages(url: str, until: float) -> None:
    text = WORDS[: 400 - next(_round) % 100]
    for page in ("", "decode", "heads", "inside", "interventions", "learn", "training"):
        with _tab(url, page, text=text) as tab:
            _no_failure(tab)
        if time.monotonic() > until:
            return


def _no_failure(tab: Tab) -> None:
    if tab.errors or len(tab.elements) < 10:
        raise Harmless(f"the page was not drawn: {tab.errors}")


def _clearing(url: str, until: float) -> None:
    with _tab(url) as tab:
        while time.monotonic() < until:
            tab.clear_caches()
            tab.listen(0.5)
            tab.rerun()
            _no_failure(tab)


ATTACKS = {
    "file": Attack("opens a crafted file", _opens(crafted, "its description has"), crafted),
    "vocabulary": Attack(
        "opens a run of 40 million tokens",
        _opens(vocabulary, "entries along an axis", "unpacks to"),
        vocabulary,
    ),
    "run": Attack("opens a large run", _opens(large, "This is the saved run"), large),
    "picture": Attack("uploads a picture of 50 million pixels", _shows_picture, picture),
    "texts": Attack("types long texts", _long_texts),
    "book": Attack("pastes a book", _book),
    "sources": Attack("asks from output to source", _sources(1)),
    "four": Attack("asks so in four tabs", _sources(4)),
    "beam": Attack("searches with a wide beam", _wide_beam),
    "line": Attack(
        "measures one long line", _measures(one_line, "A line of this file has"), one_line
    ),
    "lines": Attack(
        "measures 2,000 long lines", _measures(many_lines, "Measures of all heads"), many_lines
    ),
    "caches": Attack("clears the caches", _clearing),
    "maps": Attack("maps all sentences", _maps),
    "lab": Attack(
        "measures the loss without a head",
        _pressed("heads", "Measure the loss", "Loss without some heads", part="lab"),
    ),
    "break": Attack(
        "tries a broken model", _pressed("inside", "Try 200", "Damage on", section="break")
    ),
    "patching": Attack("draws patching maps", _patching),
    "inside": Attack("looks inside heads", _inside),
    "two": Attack("compares two long texts", _two_texts),
    "forcing": Attack("forces a long target", _forces),
    "strategies": Attack("compares strategies", _strategies),
    "training": Attack("trains a model", _training),
    "pages": Attack("opens every page", _pages),
}
"""By the name of the part."""


def main(name: str, url: str) -> None:
    """Say when all is ready, take the seconds from the standard input, and say what was done."""
    attack = ATTACKS[name]
    attack.content()
    print(READY, flush=True)
    seconds, rounds = float(sys.stdin.readline()), 0
    until = time.monotonic() + seconds
    while not rounds or time.monotonic() < until:
        attack.act(url, until)
        rounds += 1
    print(DONE, rounds, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
