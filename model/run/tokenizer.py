"""Text to tokens and back, on the `tokenizers` library; every token knows its place in the text."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import tokenizers

from ..native import native
from .casing import plain_case
from .tokens import LOST, Tokens

PAD, BOS, EOS, UNK = CONTROL = ("<pad>", "<bos>", "<eos>", "<unk>")
"""The control tokens, with ids 0 to 3 in every vocabulary."""

SPACE = "▁"
"""Marks a space before a sub-word piece, as in SentencePiece."""

JOINTS = {"’": "'", "‐": "-", "“": '"', "‘": "'"}
"""How pieces are spelt that a word follows without a space, and what they stand for.

The word behind has the pieces that it has behind a space: "l'homme" is ▁l’ ▁homme.
"""

_WORDS = re.compile(r"\w+|[^\w\s]")
WORDS = 10_000
"""How many words it is remembered of in which case the vocabulary knows them: texts repeat theirs,
and a long one, all asked for anew, keeps every other thread of a server waiting.
"""
_KINDS = {"Metaspace": None, "Sequence": None, "WordPiece": " ", "Fuse": ""}


class Tokenizer:
    """A vocabulary with its rules, as stored in `tokenizer.json`.

    What stands between pieces comes from the stored decoder: sub-words that carry their spaces
    (Metaspace; Sequence: with `JOINTS` and `plain_case` besides), whole words (WordPiece), or
    single characters (Fuse). Only sub-word vocabularies take unknown characters: such a token is
    drawn as ⟨x⟩, and text written by the model gives back the source's unknown characters in their
    order.
    """

    def __init__(self, backend: tokenizers.Tokenizer) -> None:
        self.backend = backend
        self.backend.encode_special_tokens = True  # a typed "<eos>" is text, not a command
        self.backend.no_padding()
        self.backend.no_truncation()
        state = json.loads(backend.to_str())
        kind = (state.get("decoder") or {}).get("type")
        if kind not in _KINDS:
            raise ValueError(f"decoder {kind!r} is not one of {', '.join(_KINDS)}")
        if [backend.token_to_id(token) for token in CONTROL] != [0, 1, 2, 3]:
            raise ValueError(f"the control tokens {', '.join(CONTROL)} must have the ids 0 to 3")
        if sorted(backend.get_vocab().values()) != list(range(len(self))):
            raise ValueError(f"the ids must be 0 to {len(self) - 1}, each of them once")
        if state["model"].get("unk_token") != UNK:
            raise ValueError(f"its model must read what it does not know as {UNK}")
        self._between = _KINDS[kind]
        self.open_vocabulary = self._between is None
        self._joints = JOINTS if kind == "Sequence" else {}
        self._plain = {ord(joint): sign for joint, sign in self._joints.items()}
        self._rank = lru_cache(WORDS)(self._rank_of)

    @classmethod
    def from_file(cls, path: str | Path) -> Tokenizer:
        """Read `tokenizer.json`.

        Raises:
            ValueError: not a vocabulary that Headlight can use; says why.
        """
        try:
            with native():
                return cls(tokenizers.Tokenizer.from_file(str(path)))
        except Exception as error:  # the library raises bare Exception
            raise ValueError(f"{path} is not a usable tokenizer: {error}") from None

    def save(self, path: str | Path) -> None:
        """Write `tokenizer.json`."""
        Path(path).write_text(self.backend.to_str(pretty=True), encoding="utf-8")

    def __len__(self) -> int:
        return self.backend.get_vocab_size()

    def piece(self, token_id: int) -> str:
        """The vocabulary's own spelling of a token.

        Raises:
            ValueError: an id outside of the vocabulary.
        """
        found = self.backend.id_to_token(token_id) if token_id >= 0 else None
        if found is None:
            raise ValueError(f"id {token_id} is outside of the vocabulary (0 to {len(self) - 1})")
        return found

    def read_as(self, text: str) -> str:
        """A source text as it is read: of the same length, with the capitals that tell something.

        Vocabularies without joints read every text as it is.
        """
        return plain_case(text, self._rank) if self._joints else text

    def _rank_of(self, word: str) -> tuple[int, int]:
        ids = self.backend.encode(word, add_special_tokens=False).ids
        return len(ids), ids[0] if len(ids) == 1 else 0

    def encode(self, text: str, *, eos: bool = False, source: bool = False) -> Tokens:
        """The tokens of a text, optionally closed by `<eos>`.

        Args:
            source: read it as `read_as` says; places are those in the text as it was typed.

        Raises:
            ValueError: nothing to read, half a character (a lone surrogate), or characters outside
                of a closed vocabulary.
        """
        if any("\ud800" <= c <= "\udfff" for c in text):
            raise ValueError("The text holds half of a character: delete it, or type it again.")
        with native():
            read = self.read_as(text) if source else text
            encoding = self.backend.encode(read, add_special_tokens=False)
        if not encoding.ids:
            raise ValueError("There is no text to read: type at least one word.")
        spans = [_without_spaces(text, *offsets) for offsets in encoding.offsets]
        if self._joints:  # the ▁ of a word behind a joint is put down to the joint
            spans = in_a_row(encoding.tokens, spans)
        ids = zip(encoding.ids, spans, strict=True)
        unknown = [text[a:b] for i, (a, b) in ids if i < 4]  # a typed "<eos>" is a word like others
        if unknown and not self.open_vocabulary:
            shown = ", ".join(f"“{part}”" for part in dict.fromkeys(unknown))
            raise ValueError(f"This model's vocabulary does not have {shown}.")
        pieces = [
            f"⟨{text[a:b]}⟩" if i == 3 else piece
            for i, piece, (a, b) in zip(encoding.ids, encoding.tokens, spans, strict=True)
        ]
        return _tokens(text, encoding.ids, pieces, spans, eos)

    def encode_ids(self, texts: Sequence[str], *, source: bool = False) -> list[list[int]]:
        """Only the ids, of many texts at once: the fast way, for training."""
        read = [self.read_as(text) for text in texts] if source else list(texts)
        batch = self.backend.encode_batch_fast(read, add_special_tokens=False)
        return [encoding.ids for encoding in batch]

    def decode(self, ids: Sequence[int], unknown: Iterable[str] = ()) -> Tokens:
        """The tokens that ids stand for, with the text they make up; ends in `<eos>` if ids do.

        Args:
            unknown: what the `<unk>` tokens stand for, in order; `LOST` where it runs out.

        Raises:
            ValueError: an id outside of the vocabulary.
        """
        left: Iterator[str] = iter(unknown)
        text, pieces, spans, joined = "", [], [], False
        for token_id in ids:
            piece = self.piece(token_id)
            if token_id < 3:
                surface = ""
            elif token_id == 3:
                surface = next(left, LOST)
                piece = f"⟨{surface}⟩"
            elif self._between is None:
                surface = piece.replace(SPACE, " ")
                surface = surface.removeprefix(" ") if joined or not text else surface
                joined = surface[-1:] in self._joints
                surface = surface.translate(self._plain)
            else:
                surface = (self._between if text else "") + piece
            pieces.append(piece)
            spans.append(_without_spaces(text + surface, len(text), len(text + surface)))
            text += surface
        return _tokens(text, list(ids), pieces, spans, eos=False)

    @property
    def digest(self) -> str:
        """16 hexadecimal digits that tell one vocabulary from another (SHA-256)."""
        return hashlib.sha256(self.backend.to_str().encode()).hexdigest()[:16]

    def unknown(self, tokens: Tokens) -> list[str]:
        """The characters behind the `<unk>` tokens of a sequence, in order."""
        return [tokens.surface(i) for i, token_id in enumerate(tokens.ids) if token_id == 3]


def _without_spaces(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without the spaces around it; a span of spaces only is left as it is."""
    inner = text[start:end].strip()
    if not inner:
        return start, end
    start += text[start:end].index(inner)
    return start, start + len(inner)


def in_a_row(pieces: Sequence[str], spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in which no word begins before the piece in front of it has ended."""
    ends = [0, *(end for _, end in spans)]
    return [
        (max(start, before), end) if piece.startswith(SPACE) and before <= end else (start, end)
        for piece, (start, end), before in zip(pieces, spans, ends, strict=False)
    ]


def _tokens(
    text: str,
    ids: Sequence[int],
    pieces: Sequence[str],
    spans: Sequence[tuple[int, int]],
    eos: bool,
) -> Tokens:
    """Tokens with their words; a word is a run of letters and digits, or one other character."""
    starts = [match.start() for match in _WORDS.finditer(text)]
    words, word = [], 0
    for token_id, (start, end) in zip(ids, spans, strict=True):
        while word + 1 < len(starts) and starts[word + 1] <= start and end > start:
            word += 1
        words.append(-1 if token_id < 3 else word)
    special = [token_id < 3 for token_id in ids]
    if eos:
        ids, pieces, spans = [*ids, 2], [*pieces, EOS], [*spans, (len(text), len(text))]
        words, special = [*words, -1], [*special, True]
    return Tokens(text, tuple(ids), tuple(pieces), tuple(spans), tuple(words), tuple(special))
