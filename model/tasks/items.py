"""Tasks on a row of items from a small closed set, one token each, separated by spaces."""

from __future__ import annotations

from pathlib import Path

from ..network.config import ModelConfig
from ..run.tokenizer import Tokenizer
from ..run.vocabularies import whole_words
from .base import SyntheticTask, cut

SHORTEST, LONGEST = 2, 16
"""Items in a row."""


class ItemsTask(SyntheticTask):
    """A row of 2 to 16 items.

    Attributes:
        items: all that there are.
        item: what one of them is, for a sentence.
        dropout: share of units dropped in training.
    """

    items: tuple[str, ...]
    item: str
    dropout: float = 0.05

    def config(self, d_vocab: int) -> ModelConfig:
        """About 0.3 million parameters."""
        return ModelConfig(d_vocab=d_vocab, d_model=80, d_ff=160, dropout=self.dropout)

    def tokenizer(self, data: Path | None = None) -> Tokenizer:
        """One token an item."""
        return whole_words(self.items)

    def check(self, text: str) -> None:
        """2 to 16 of the items, each spelt as it is in the vocabulary."""
        found = text.split()
        wrong = next((item for item in found if item not in self.items), None)
        if wrong is not None:
            raise ValueError(f"“{cut(wrong, 20)}” is not {self.item}. Accepted: {self.accepts}.")
        if not SHORTEST <= len(found) <= LONGEST:
            given = "1 item was" if len(found) == 1 else f"{len(found):,} items were"
            raise ValueError(f"{given} given. Accepted: {self.accepts}.")
