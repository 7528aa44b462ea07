"""The vocabularies of a folder, from whichever of the hub's files it has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tokenizers
from tokenizers import models, pre_tokenizers

from ...native import native
from ...network.config import ModelConfig
from ..errors import CheckpointError
from . import sentencepiece
from .objects import read_object
from .vocabulary import Side, Vocabulary, from_json

FILE = "tokenizer.json"
_LANGUAGE = re.compile(r"[a-z]{2,3}_[A-Z]{2}|[a-z]{3}_[A-Z][a-z]{3}|__[a-z]{2,3}__|>>[\w-]+<<")
PIECES = ("spiece.model", "sentencepiece.bpe.model", "sentencepiece.model")


def open_vocabulary(folder: Path, values: Mapping[str, Any], config: ModelConfig) -> Vocabulary:
    """Source and target pieces, the source closed by the end of the text.

    Raises:
        CheckpointError: no file of a kind that we know, or a damaged one.
    """
    control = {config.pad_id, config.eos_id, config.bos_id}
    control |= {values["bos_token_id"]} if isinstance(values.get("bos_token_id"), int) else set()
    try:
        if (folder / FILE).is_file():
            return _from_json(folder / FILE, config, control)
        if (folder / "source.spm").is_file():
            return _marian(folder, config, control)
        for name in PIECES:
            if (folder / name).is_file():
                return _sentencepiece(folder, name, str(values["model_type"]), config, control)
        if (folder / "vocab.json").is_file() and (folder / "merges.txt").is_file():
            return _byte_level(folder, config, control, values)
    except (KeyError, TypeError, UnicodeDecodeError) as error:
        raise CheckpointError(
            f"The vocabulary in {folder} is not as it should be: {error}"
        ) from error
    there = ", ".join((FILE, "source.spm", *PIECES, "vocab.json with merges.txt"))
    raise CheckpointError(f"{folder} has no vocabulary: there is none of {there}.")


def _from_json(file: Path, config: ModelConfig, control: set[int]) -> Vocabulary:
    try:
        with native():
            backend = tokenizers.Tokenizer.from_file(str(file))
    except Exception as error:  # the library raises bare Exception
        raise CheckpointError(f"{file} is not a usable tokenizer: {error}") from error
    return from_json(backend, config.d_vocab, control)


def read_ids(file: Path) -> dict[str, int]:
    """`vocab.json`: pieces and their ids.

    Raises:
        CheckpointError: it cannot be read, or is something else.
    """
    found = read_object(file)
    if not all(isinstance(i, int) for i in found.values()):
        raise CheckpointError(f"{file} is not a list of pieces and their ids.")
    return found


def _marian(folder: Path, config: ModelConfig, control: set[int]) -> Vocabulary:
    """Two SentencePiece models, whose pieces have their ids in one or two other files."""
    own = read_ids(folder / "vocab.json")
    apart = folder / "target_vocab.json"
    sides = []
    for name, ids in (
        ("source.spm", own),
        ("target.spm", read_ids(apart) if apart.is_file() else own),
    ):
        backend = sentencepiece.build(sentencepiece.read(folder / name))
        sides.append(_side(backend, ids, ids.get("<unk>", 1), control))
    source, target = sides
    return Vocabulary(source, target, config.d_vocab, after=(config.eos_id,))


def _side(
    backend: tokenizers.Tokenizer, ids: Mapping[str, int], unk_id: int, control: set[int]
) -> Side:
    names = {i: piece for piece, i in ids.items()}
    codes = {i for i, piece in names.items() if piece.startswith(">>") and piece.endswith("<<")}
    return Side(backend, names, ids, frozenset((control | codes) - {unk_id}), unk_id)


def _sentencepiece(
    folder: Path, name: str, kind: str, config: ModelConfig, control: set[int]
) -> Vocabulary:
    """One model for both sides, whose pieces stand at ids of the family's own."""
    model = sentencepiece.read(folder / name)
    pieces = [piece for piece, _, _ in model.pieces]
    ids = {piece: i for i, piece in enumerate(pieces)}
    if kind == "m2m_100":
        ids = read_ids(folder / "vocab.json")
        languages = (f"__{code}__" for code in _m2m_languages(folder))
        ids |= {code: len(ids) + n for n, code in enumerate(languages)}
    elif kind == "mbart":  # fairseq's order of the first four, then the pieces one further on
        ids = {piece: i + 1 for i, piece in enumerate(pieces) if i > 2}
        ids |= {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3}
        first = len(pieces) + 1
        ids |= {code: first + n for n, code in enumerate(_added(folder, r"_XX"))}
    elif kind == "pegasus":  # 103 reserved ids stand before the pieces
        ids = {piece: i + 103 for i, piece in enumerate(pieces) if i > 1}
        ids |= {"<pad>": 0, "</s>": 1, "<mask_1>": 2, "<mask_2>": 3}
        ids |= {f"<unk_{n}>": n + 2 for n in range(2, 103)}
    elif kind in ("t5", "mt5"):
        extra = [f"<extra_id_{n}>" for n in reversed(range(100))]
        ids |= {piece: len(pieces) + n for n, piece in enumerate(extra)}
        control = control | {ids[piece] for piece in extra}
    unk_id = ids.get(pieces[model.unk_id], model.unk_id)
    languages_ = {i for piece, i in ids.items() if is_language(piece)}
    side = _side(sentencepiece.build(model), ids, unk_id, control | languages_)
    return Vocabulary(side, side, config.d_vocab, after=(config.eos_id,))


def is_language(piece: str) -> bool:
    """Whether a piece is a language code of mBART, M2M100 or NLLB, or of a multilingual Marian."""
    return bool(_LANGUAGE.fullmatch(piece))


def _m2m_languages(folder: Path) -> list[str]:
    return [piece.strip("_") for piece in _added(folder, "__")]


def _added(folder: Path, part: str) -> list[str]:
    """Tokens that the other files of the folder add behind the pieces, in their order."""
    for name in ("tokenizer_config.json", "special_tokens_map.json"):
        file = folder / name
        if file.is_file():
            found = read_object(file)
            added = (
                found.get("additional_special_tokens") or found.get("extra_special_tokens") or []
            )
            texts = [one["content"] if isinstance(one, dict) else str(one) for one in added]
            if codes := [text for text in texts if part in text and is_language(text)]:
                return codes
    return []


def _byte_level(
    folder: Path, config: ModelConfig, control: set[int], values: Mapping[str, Any]
) -> Vocabulary:
    """GPT-2's byte-level BPE, as old BART and Whisper folders have it."""
    try:
        model = models.BPE.from_file(str(folder / "vocab.json"), str(folder / "merges.txt"))
    except Exception as error:  # the library raises bare Exception
        raise CheckpointError(
            f"vocab.json and merges.txt in {folder} do not fit: {error}"
        ) from error
    backend = tokenizers.Tokenizer(model)
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    vocabulary = from_json(backend, config.d_vocab, control)
    first = values.get("bos_token_id")
    before = (first,) if values["model_type"] == "bart" and isinstance(first, int) else ()
    return vocabulary.around(before, (config.eos_id,))
