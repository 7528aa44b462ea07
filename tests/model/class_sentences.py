"""The 120 sentences of `class_sentences.tsv`, and which French is good for each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("class_sentences.tsv")


@dataclass(frozen=True)
class ClassSentence:
    """`accepted`: full outputs; (a|b) stands for one of several, (a|) for what may be missing."""

    kind: str
    source: str
    accepted: tuple[str, ...]

    def accepts(self, output: str) -> bool:
        """Whether an output is one of those listed, to the letter."""
        return any(re.fullmatch(_pattern(one), output) for one in self.accepted)


def _pattern(accepted: str) -> str:
    """All but ( | ) stands for itself."""
    return re.sub(r"[^()|]+", lambda text: re.escape(text[0]), accepted)


def read_class_sentences(file: Path = FILE) -> list[ClassSentence]:
    """Kind, English, and every French that is good, a sentence a line; # begins a remark."""
    lines = [line for line in file.read_text("utf-8").splitlines() if not line.startswith("#")]
    return [
        ClassSentence(kind, source, tuple(accepted))
        for kind, source, *accepted in (line.split("\t") for line in lines)
    ]
