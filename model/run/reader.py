"""From what a person gives, a source or a target, to what the network takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import index

import torch
from torch import Tensor

from ..network.config import ModelConfig
from ..network.source import Source
from ..tasks import Task
from ..tasks.base import matrix
from .any_tokenizer import AnyTokenizer
from .reading import check_kind, columns_of, read_positions
from .sources import AnySource, Picture, Sound
from .tokens import Tokens

LONGEST_PIECE = 64
"""Characters a token: more than the tokens of any long text have on average."""


@dataclass(frozen=True)
class Reader:
    """Reads sources and targets for one network.

    Args:
        tokenizer: the vocabulary.
        config: the network's shape, which bounds all lengths.
        task: what the weights were trained for, which may refuse a text.
        never: ids that no target has.
    """

    tokenizer: AnyTokenizer
    config: ModelConfig
    task: Task | None
    never: tuple[int, ...]

    def source(self, given: AnySource) -> Tokens:
        """The source tokens of a text, closed by `<eos>`, or the positions of a picture or sound.

        Raises:
            ValueError: a source that the task or the vocabulary does not take, or that is too long.
        """
        check_kind(given, self.config.front)
        if isinstance(given, Picture | Sound):
            return self._positions(given)
        if not isinstance(given, str) or not given.strip():
            accepted = f" Accepted: {self.task.accepts}." if self.task else ""
            raise ValueError(f"There is no text to read.{accepted}")
        self._check_characters(given, "source text")
        if self.task is not None:
            self.task.check(given)
        tokens = self.tokenizer.encode(given, eos=True, source=True)
        self.check_length(len(tokens), "source text", source=True)
        return tokens

    def target(self, given: str | Sequence[int], src: Tokens) -> list[int]:
        """Target ids from text or ids, for a source that was read.

        Raises:
            ValueError: an id that is never written or stands behind `<eos>`, or a character that
                neither the vocabulary nor the source has.
        """
        if isinstance(given, str):
            return self._target_text(given, src)
        try:
            ids = [index(i) for i in given]
        except TypeError:
            raise ValueError(f"A target is a text or whole token ids, not {given!r}.") from None
        wrong = [i for i in ids if not 0 <= i < self.config.d_vocab or i in self.never]
        if wrong:
            raise ValueError(f"Token id {wrong[0]} cannot be written by this model.")
        if self.config.eos_id in ids[:-1]:
            raise ValueError("Nothing can be written after the end of the text, the token <eos>.")
        return ids

    def batch(self, sources: Sequence[Tokens]) -> Source:
        """What the encoder takes of a batch of read sources."""
        given = [one.source for one in sources if one.source is not None]
        if given:
            batch = Source.stack([columns_of(one, self.config.front) for one in given])
            return batch if len(given) > 1 else Source(batch.values)
        ids, lengths = self.pad([one.ids for one in sources])
        return Source(ids, lengths if len(sources) > 1 else None)

    def pad(self, rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
        """Ids as one matrix [B, longest], and how long each row is [B]."""
        return torch.from_numpy(matrix(rows, self.config.pad_id)), torch.tensor([*map(len, rows)])

    def check_length(self, n: int, what: str, *, source: bool = False) -> None:
        """Refuse more tokens than the network has positions for.

        Raises:
            ValueError: how many there are, and how many are read.
        """
        limit = self.config.n_source_positions if source else self.config.max_positions
        if n > limit:
            raise ValueError(
                f"The {what} has {n:,} tokens; this model reads at most {limit:,}. Shorten it."
            )

    def _target_text(self, text: str, src: Tokens) -> list[int]:
        if not text.strip():
            return []
        self._check_characters(text, "target text")
        tokens, carried = self.tokenizer.encode(text), self.tokenizer.unknown(src)
        missing = [char for char in self.tokenizer.unknown(tokens) if char not in carried]
        if missing:
            raise ValueError(
                f"“{missing[0][:20]}” cannot be written: it is not in this model's vocabulary."
            )
        return list(tokens.ids)

    def _positions(self, given: Picture | Sound) -> Tokens:
        assert self.config.front is not None, "check_kind has seen to it"
        positions = read_positions(given, self.config.front)
        self.check_length(len(positions), "source", source=True)
        return positions

    def _check_characters(self, text: str, what: str) -> None:
        """Refuse what is far too long before it is read, which alone would take minutes."""
        if len(text) > LONGEST_PIECE * self.config.max_positions:
            raise ValueError(
                f"The {what} has {len(text):,} characters; this model reads at most "
                f"{self.config.max_positions:,} tokens. Shorten it."
            )
