"""What a lesson is: words, and a screen made from the model's own numbers.

A screen is one picture and one question, as plain values for the browser (`viz.components.quiz`).
What the question asks for stays hidden in the picture until the answer is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from headlight.model import Edits, Model, Trace
from headlight.model.analysis.alignment.reference import Reference
from headlight.model.analysis.heads.table import HeadTable

from ..labels import worded

Plain = dict[str, Any]
"""JSON-like values."""


@dataclass(frozen=True)
class Scene:
    """What a lesson starts from.

    Args:
        model, trace: the page's model, and what it made of the page's text.
        run: a text run again, with edits; the page's own is `text`.
        reference: which source word each written word comes from, as far as it is known.
        table: the model's measured heads, if there are any.
        turn: counts up with "Next question"; other turns ask about other rows.
        name: what the page calls its picture or sound, where it has no text.
    """

    model: Model
    trace: Trace
    run: Callable[[str, Edits], Trace]
    reference: Callable[[Trace], Reference | None]
    table: HeadTable | None = None
    turn: int = 0
    name: str = ""

    @property
    def text(self) -> str:
        """The page's own text, or the name of its picture or sound."""
        return self.name or self.trace.src.text

    def say(self, words: str) -> str:
        """Words about a text, with their `labels.worded`, said of what the model reads."""
        return worded(words, self.model.reads)


@dataclass(frozen=True)
class Link:
    """Where a lesson ends: the first of `paths` that exists, with what the address adds."""

    paths: tuple[str, ...]
    label: str
    address: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Screen:
    """The live part of a lesson.

    Args:
        kind: the kind of attention whose colour it has; None for no kind.
        picture: what is drawn; its `type` is a file of `viz/web/quiz/`.
        question: what is asked, and the truth; its `type` is a file of `viz/web/quiz/`.
        look: one line: what one is looking at, and what to look for.
        link: where it goes on.
        also: a second place, if there is one.
    """

    kind: str | None
    picture: Plain
    question: Plain
    look: str
    link: Link
    also: Link | None = None


@dataclass(frozen=True)
class Lesson:
    """One idea.

    Args:
        slug: its name in the address.
        title: its name on screen.
        idea, do: the idea and one thing to do, in Markdown, with the words of `labels.worded`.
        build: the screen for a text.
        term: the same in the field's own terms, with the formula; stands folded.
        code: the function of the model that does it, if there is one; its source stands folded.
    """

    slug: str
    title: str
    idea: str
    do: str
    build: Callable[[Scene], Screen]
    term: str = ""
    code: Callable[..., Any] | None = None
