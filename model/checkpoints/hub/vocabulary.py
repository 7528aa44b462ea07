"""A hub checkpoint's vocabularies: text to tokens and back, whatever library wrote their files."""

from __future__ import annotations

import codecs
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import tokenizers

from ...native import native
from ...run.tokenizer import in_a_row
from ...run.tokens import LOST, Tokens

SPACE = "▁"
_WORDS = re.compile(r"\w+|[^\w\s]")
_BYTE = re.compile(r"<0x([0-9A-F]{2})>")


@dataclass(frozen=True, eq=False)
class Side:
    """The pieces of the source or of the target.

    Args:
        backend: cuts text into pieces.
        names: each id's piece, as the file spells it.
        ids: the id of each piece that the backend gives; None where the backend's ids count.
        special: ids that stand for no text.
        unk_id: what text becomes that no piece stands for; None where every byte has one.
        byte_level: pieces spell bytes by GPT-2's alphabet.
        joints: signs that a word follows without a space, although its piece begins with one, and
            what they stand for.
    """

    backend: tokenizers.Tokenizer
    names: Mapping[int, str]
    ids: Mapping[str, int] | None
    special: frozenset[int]
    unk_id: int | None
    byte_level: bool = False
    joints: Mapping[str, str] = field(default_factory=dict)

    def bytes_of(self, token_id: int) -> bytes:
        """What a token adds to a text, a space for each joint."""
        piece = self.names.get(token_id, "")
        if self.byte_level:
            return bytes(_BYTES[c] for c in piece if c in _BYTES)
        if match := _BYTE.fullmatch(piece):
            return bytes([int(match[1], 16)])
        return piece.replace(SPACE, " ").encode()

    def shown(self, token_id: int) -> str:
        """A piece as one reads it: ▁ for a space, and bytes that are no text by their numbers."""
        piece = self.names.get(token_id, f"⟨{token_id}⟩")
        if token_id in self.special or not (self.byte_level or _BYTE.fullmatch(piece)):
            return piece
        raw = self.bytes_of(token_id)
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            return f"⟨{raw.hex(' ').upper()}⟩"
        return SPACE + text[1:] if text.startswith(" ") else text


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Source and target pieces, and what stands around a source.

    It answers to the same calls as `model.run.tokenizer.Tokenizer`.

    Args:
        before, after: control ids around the source, such as its language and `</s>`.
        prefix: text in front of every source, such as "summarize: ".
        lead: text in front of every target, such as the space that a transcript begins with.
        framed: the source's backend puts its control tokens itself.
        n_tokens: how many target tokens the model's table has.
    """

    source: Side
    target: Side
    n_tokens: int
    before: tuple[int, ...] = ()
    after: tuple[int, ...] = ()
    prefix: str = ""
    lead: str = ""
    framed: bool = False
    open_vocabulary: bool = field(default=True, init=False)

    def __len__(self) -> int:
        return self.n_tokens

    def piece(self, token_id: int) -> str:
        """A target token as one reads it.

        Raises:
            ValueError: an id outside of the vocabulary.
        """
        if not 0 <= token_id < self.n_tokens:
            raise ValueError(
                f"id {token_id} is outside of the vocabulary (0 to {self.n_tokens - 1})"
            )
        return self.target.shown(token_id)

    def read_as(self, text: str) -> str:
        """A source text as it is read: as it is."""
        return text

    def encode(self, text: str, *, eos: bool = False, source: bool = False) -> Tokens:
        """The tokens of a source with what stands around it (`eos`), or of a target.

        Raises:
            ValueError: nothing to read, or half a character (a lone surrogate).
        """
        if any("\ud800" <= c <= "\udfff" for c in text):
            raise ValueError("The text holds half of a character: delete it, or type it again.")
        reads = source or eos
        side, lead = (self.source, self.prefix) if reads else (self.target, self.lead)
        whole = lead + text
        with native():
            encoding = side.backend.encode(whole, add_special_tokens=self.framed and eos)
        ids, spans = _ids(side, encoding), [_inner(whole, *span) for span in encoding.offsets]
        if not any(token_id not in side.special for token_id in ids):
            raise ValueError("There is no text to read: type at least one word.")
        pieces = [side.shown(i) for i in ids]
        if side.joints:  # the ▁ of a word behind a joint is put down to the joint
            spans = in_a_row(pieces, spans)
        for at, token_id in enumerate(ids):
            if token_id == side.unk_id and spans[at][0] < spans[at][1]:
                pieces[at] = f"⟨{whole[slice(*spans[at])]}⟩"
        if self.framed:  # what closes the text stands behind it
            last = max(i for i, one in enumerate(ids) if one not in side.special)
            spans[last + 1 :] = [(len(whole), len(whole))] * (len(ids) - last - 1)
        elif eos:
            before, after = ([side.shown(i) for i in some] for some in (self.before, self.after))
            ids, pieces = [*self.before, *ids, *self.after], [*before, *pieces, *after]
            ends = [(len(whole), len(whole))] * len(after)
            spans = [*([(0, 0)] * len(before)), *spans, *ends]
        return _tokens(whole, ids, pieces, spans, side.special)

    def encode_ids(self, texts: Sequence[str], *, source: bool = False) -> list[list[int]]:
        """Only the ids, of many texts."""
        return [list(self.encode(text, source=source).ids) for text in texts]

    def decode(self, ids: Sequence[int], unknown: Iterable[str] = ()) -> Tokens:
        """The tokens that target ids stand for, with the text they make up.

        A character that takes several tokens, a byte each, belongs to the last of them.

        Args:
            unknown: what the unknown tokens stand for, in order; `LOST` where it runs out.

        Raises:
            ValueError: an id outside of the vocabulary.
        """
        side, left = self.target, iter(unknown)
        reader = codecs.getincrementaldecoder("utf-8")("replace")
        text, pieces, spans, joined = "", [], [], False
        for token_id in ids:
            piece = self.piece(token_id)
            if token_id in side.special:
                surface = reader.decode(b"", final=True)
                reader.reset()
            elif token_id == side.unk_id:
                surface = next(left, LOST)
                piece = f"⟨{surface}⟩"
            else:
                surface = reader.decode(side.bytes_of(token_id))
            if joined or not text:
                surface = surface.removeprefix(" ") if text else surface.lstrip(" ")
            joined = surface[-1:] in side.joints
            for joint, sign in side.joints.items():
                surface = surface.replace(joint, sign)
            pieces.append(piece)
            spans.append(_inner(text + surface, len(text), len(text + surface)))
            text += surface
        return _tokens(text, list(ids), pieces, spans, side.special)

    def unknown(self, tokens: Tokens) -> list[str]:
        """The characters behind the unknown tokens of a source, in order."""
        unk_id = self.source.unk_id
        return [tokens.surface(i) for i, token_id in enumerate(tokens.ids) if token_id == unk_id]

    @property
    def digest(self) -> str:
        """16 hexadecimal digits that tell one vocabulary from another (SHA-256)."""
        told = (self.target.backend.to_str(), self.before, self.after, self.prefix)
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]

    def save(self, path: str | Path) -> None:
        """Vocabularies of the hub stay in their own folder.

        Raises:
            ValueError: always.
        """
        raise ValueError("A checkpoint of the hub is not written anew: copy its folder.")

    def around(self, before: Sequence[int], after: Sequence[int], prefix: str = "") -> Vocabulary:
        """The same with other things around the source."""
        return replace(self, before=tuple(before), after=tuple(after), prefix=prefix, framed=False)


def from_json(backend: tokenizers.Tokenizer, n_tokens: int, special: Iterable[int]) -> Vocabulary:
    """One vocabulary for both sides, from a `tokenizer.json`."""
    backend.encode_special_tokens = True  # a typed "</s>" is text, not a command
    backend.no_padding()
    backend.no_truncation()
    state: dict[str, Any] = json.loads(backend.to_str())
    names = {i: piece for piece, i in backend.get_vocab(with_added_tokens=True).items()}
    control = {one["id"] for one in state["added_tokens"] if one.get("special")} | set(special)
    unk = state["model"].get("unk_token")
    unk_id = state["model"].get("unk_id") if unk is None else backend.token_to_id(unk)
    kinds = json.dumps([state.get("pre_tokenizer"), state.get("decoder")])
    byte_level = '"ByteLevel"' in kinds
    control -= {unk_id}
    one = Side(backend, names, None, frozenset(control), None if byte_level else unk_id, byte_level)
    one = replace(one, joints=_joints(state.get("decoder")))
    return Vocabulary(one, one, n_tokens, framed=True)


def _joints(decoder: Any) -> dict[str, str]:
    """The signs that a stored decoder takes together with the space behind them."""
    found = {}
    for step in (decoder or {}).get("decoders", ()):
        pattern = (step.get("pattern") or {}).get("String", "")
        if step.get("type") == "Replace" and len(pattern) == 2 and pattern[1] == SPACE:
            found[pattern[0]] = str(step["content"])
    return found


def _ids(side: Side, encoding: tokenizers.Encoding) -> list[int]:
    if side.ids is None:
        return list(encoding.ids)
    assert side.unk_id is not None
    return [side.ids.get(piece, side.unk_id) for piece in encoding.tokens]


def _inner(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without the spaces around it; a span of spaces only is left as it is."""
    inner = text[start:end].strip()
    if not inner:
        return start, end
    start += text[start:end].index(inner)
    return start, start + len(inner)


def _tokens(
    text: str,
    ids: Sequence[int],
    pieces: Sequence[str],
    spans: Sequence[tuple[int, int]],
    control: frozenset[int],
) -> Tokens:
    """Tokens with their words; a word is a run of letters and digits, or one other character."""
    starts = [match.start() for match in _WORDS.finditer(text)]
    words, word = [], 0
    special = [token_id in control for token_id in ids]
    for hidden, (start, end) in zip(special, spans, strict=True):
        while word + 1 < len(starts) and starts[word + 1] <= start and end > start:
            word += 1
        words.append(-1 if hidden else word)
    return Tokens(text, tuple(ids), tuple(pieces), tuple(spans), tuple(words), tuple(special))


def _byte_alphabet() -> dict[str, int]:
    """GPT-2's letters for bytes: printable ones stand for themselves, others are moved up."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in printable]
    return {chr(b): b for b in printable} | {chr(256 + n): b for n, b in enumerate(hidden)}


_BYTES = _byte_alphabet()
