"""Sequences of tokens as they are drawn, each with its place in the text, picture or sound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from . import sources
from .arrays import Array
from .sources import Picture, Sound

LOST = "�"
"""Drawn for an unknown token where no character is left that it could stand for."""


@dataclass(frozen=True)
class Tokens:
    """A sequence of tokens as drawn, with where each stands in the text.

    `spans[i]` is (start, end) in characters of `text`; (n, n) for a token that has no text of its
    own. `words[i]` counts words from zero, punctuation being a word of its own; -1 for control
    tokens. `special[i]` is True for control tokens (`<bos>`, `<eos>`, `<pad>`).

    Where a picture or a sound was read, `source` is it, each "token" is a position of the encoder,
    and `places[i]` is (start, end) of what it stands for: columns of the picture (beyond its
    edges in a margin that was added), or seconds. `n_mels` is how many bands of a sound a Whisper
    hears.
    """

    text: str
    ids: tuple[int, ...]
    pieces: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    words: tuple[int, ...]
    special: tuple[bool, ...]
    source: Picture | Sound | None = None
    places: tuple[tuple[float, float], ...] = ()
    n_mels: int | None = None

    def __len__(self) -> int:
        return len(self.ids)

    def __repr__(self) -> str:
        return f"Tokens({short(self.text)}: {short(' '.join(self.pieces))}, {len(self)} tokens)"

    def surface(self, i: int) -> str:
        """The characters of `text` that token `i` stands for; its piece when there are none."""
        start, end = self.spans[i]
        return self.text[start:end] or self.pieces[i]

    def to_dict(self) -> dict[str, Any]:
        """Plain lists, without the numbers of a picture or a sound."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        if self.source is None:
            return {name: values[name] for name in values if name not in _OF_SOURCES}
        return values | {"source": self.source.to_dict()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], source: Array | None = None) -> Tokens:
        """From the plain lists of a saved trace, and the numbers of its picture or sound."""
        return cls(
            text=values["text"],
            ids=tuple(values["ids"]),
            pieces=tuple(values["pieces"]),
            spans=tuple((start, end) for start, end in values["spans"]),
            words=tuple(values["words"]),
            special=tuple(values["special"]),
            source=None if source is None else sources.from_dict(values["source"], source),
            places=tuple((start, end) for start, end in values.get("places", ())),
            n_mels=values.get("n_mels"),
        )


_OF_SOURCES = ("source", "places", "n_mels")
"""Fields that only pictures and sounds have."""


def short(text: str, most: int = 40) -> str:
    """A text in quotation marks on one line, cut where it is long."""
    line = " ".join(text.split())
    return f"“{line if len(line) <= most else line[: most - 1] + '…'}”"


class Sides:
    """Whose tokens stand at the rows and columns of a map of each kind of attention."""

    src: Tokens
    tgt_in: Tokens

    def queries(self, kind: str) -> Tokens:
        """The tokens of the rows ("from"): the source, or what the decoder reads."""
        return self.src if kind == "encoder_self" else self.tgt_in

    def keys(self, kind: str) -> Tokens:
        """The tokens of the columns ("to"): the source, or what the decoder reads."""
        return self.tgt_in if kind == "decoder_self" else self.src
