"""A SentencePiece model file (Kudo & Richardson 2018) as a `tokenizers` tokenizer.

The file is a protobuf message; its few fields are read here, so that neither protobuf nor
sentencepiece is needed. Unigram and BPE, byte fallback, and the precompiled character map; tests
hold the ids against sentencepiece's own.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from ..errors import CheckpointError

NORMAL, UNKNOWN, CONTROL, USER, UNUSED, BYTE = 1, 2, 3, 4, 5, 6
UNIGRAM, BPE = 1, 2
SPACE = "▁"


@dataclass
class SentencePiece:
    """What such a file says: `pieces` are (piece, score, kind); `model` is 1 Unigram or 2 BPE."""

    pieces: list[tuple[str, float, int]] = field(default_factory=list)
    model: int = UNIGRAM
    byte_fallback: bool = False
    unk_id: int = 0
    character_map: bytes = b""
    dummy_prefix: bool = True
    remove_extra_spaces: bool = True
    escape_spaces: bool = True


def read(file: Path) -> SentencePiece:
    """The pieces and rules of a file.

    Raises:
        CheckpointError: it is missing or damaged, or of a kind that is not built here.
    """
    model = SentencePiece()
    try:
        for number, value in _fields(file.read_bytes()):
            if number == 1 and isinstance(value, bytes):
                model.pieces.append(_piece(value))
            elif number == 2 and isinstance(value, bytes):
                trained = dict(_fields(value))
                model.model = int(trained.get(3, UNIGRAM))
                model.byte_fallback = bool(trained.get(35, 0))
                model.unk_id = int(trained.get(40, 0))
                if trained.get(24):
                    raise ValueError("it puts spaces behind words")
            elif number == 3 and isinstance(value, bytes):
                normal = dict(_fields(value))
                map_ = normal.get(2, b"")
                model.character_map = map_ if isinstance(map_, bytes) else b""
                model.dummy_prefix = bool(normal.get(3, 1))
                model.remove_extra_spaces = bool(normal.get(4, 1))
                model.escape_spaces = bool(normal.get(5, 1))
        if model.model not in (UNIGRAM, BPE) or not model.pieces:
            raise ValueError("it is neither Unigram nor BPE")
        if not 0 <= model.unk_id < len(model.pieces):
            raise ValueError("its unknown piece does not exist")
    except (OSError, ValueError, IndexError, struct.error) as error:
        raise CheckpointError(
            f"{file} is not a SentencePiece model we can read: {error}"
        ) from error
    return model


def _piece(message: bytes) -> tuple[str, float, int]:
    values: dict[int, int | bytes] = {1: b"", 2: struct.pack("<f", 0.0), 3: NORMAL}
    values |= dict(_fields(message))
    piece, score, kind = values[1], values[2], values[3]
    if not isinstance(piece, bytes) or not isinstance(score, bytes) or not isinstance(kind, int):
        raise ValueError("a piece is not as it should be")
    return piece.decode(), float(struct.unpack("<f", score)[0]), kind


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """(number, value) of each field of a protobuf message; bytes for all that are not whole."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, kind = key >> 3, key & 7
        if kind == 0:
            value, at = _varint(data, at)
            yield number, value
            continue
        if kind == 2:
            size, at = _varint(data, at)
        elif kind in (1, 5):
            size = 8 if kind == 1 else 4
        else:
            raise ValueError(f"{kind} is not a kind of field")
        if at + size > len(data):
            raise ValueError("a field is cut off")
        yield number, data[at : at + size]
        at += size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at, value, shift = at + 1, value | (byte & 127) << shift, shift + 7
        if byte < 128:
            return value, at
        if shift > 63:
            raise ValueError("a number does not end")


def build(model: SentencePiece) -> Tokenizer:
    """The same pieces and ids as sentencepiece's own, with their places in the text."""
    backend = Tokenizer(_unigram(model) if model.model == UNIGRAM else _bpe(model))
    steps: list[normalizers.Normalizer] = [normalizers.NFC()]
    if model.character_map:
        steps.append(normalizers.Precompiled(model.character_map))
    if model.remove_extra_spaces:
        steps.append(normalizers.Replace(Regex(r"\A +| +\z"), ""))
        steps.append(normalizers.Replace(Regex(" {2,}"), " "))
    if model.escape_spaces:
        steps.append(normalizers.Replace(" ", SPACE))
    if model.dummy_prefix:  # a space of the text's own stays beside the one that is put in front
        steps.append(normalizers.Replace(Regex(r"\A▁"), "▁▁"))
    backend.normalizer = normalizers.Sequence(steps)
    stages: list[pre_tokenizers.PreTokenizer] = []
    if model.dummy_prefix:
        stages.append(pre_tokenizers.Metaspace(SPACE, prepend_scheme="always", split=False))
    if whole := [piece for piece, _, kind in model.pieces if kind == USER]:
        longest_first = sorted(whole, key=len, reverse=True)
        stages.append(
            pre_tokenizers.Split(Regex("|".join(map(re.escape, longest_first))), "isolated")
        )
    if stages:
        backend.pre_tokenizer = pre_tokenizers.Sequence(stages)
    return backend


def _unigram(model: SentencePiece) -> models.Unigram:
    vocabulary = [(piece, score) for piece, score, _ in model.pieces]
    return models.Unigram(vocabulary, model.unk_id, model.byte_fallback)


def _bpe(model: SentencePiece) -> models.BPE:
    """Merges in the order of the scores of what they make."""
    normal = {p: (s, i) for i, (p, s, kind) in enumerate(model.pieces) if kind == NORMAL}
    ranked = [
        (-score, i, piece[:cut], piece[cut:])
        for piece, (score, i) in normal.items()
        for cut in range(1, len(piece))
        if piece[:cut] in normal and piece[cut:] in normal
    ]
    return models.BPE(
        {piece: i for i, (piece, _, _) in enumerate(model.pieces)},
        [(left, right) for _, _, left, right in sorted(ranked)],
        unk_token=model.pieces[model.unk_id][0],
        fuse_unk=True,
        byte_fallback=model.byte_fallback,
    )
