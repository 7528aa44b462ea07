"""What a model asks of its vocabulary, whether it is one of ours or of the hub."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from .tokens import Tokens


class AnyTokenizer(Protocol):
    """See `model.run.tokenizer.Tokenizer`, whose words these are."""

    @property
    def open_vocabulary(self) -> bool:
        """Whether characters that no piece stands for are taken."""

    @property
    def digest(self) -> str:
        """16 hexadecimal digits that tell one vocabulary from another."""

    def __len__(self) -> int:
        """How many target tokens there are."""

    def piece(self, token_id: int) -> str:
        """A token as it is drawn."""

    def read_as(self, text: str) -> str:
        """A source text as it is read."""

    def encode(self, text: str, *, eos: bool = False, source: bool = False) -> Tokens:
        """The tokens of a source closed by `<eos>`, or of a target."""

    def encode_ids(self, texts: Sequence[str], *, source: bool = False) -> list[list[int]]:
        """Only the ids, of many texts."""

    def decode(self, ids: Sequence[int], unknown: Iterable[str] = ()) -> Tokens:
        """The tokens that ids stand for, with the text they make up."""

    def unknown(self, tokens: Tokens) -> list[str]:
        """The characters behind the unknown tokens of a sequence."""

    def save(self, path: str | Path) -> None:
        """Write its file."""
