"""Vocabularies made for a task: its characters, its words, or sub-words learnt from texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import tokenizers
from tokenizers import Regex, decoders, models, normalizers, pre_tokenizers, trainers

from .tokenizer import CONTROL, JOINTS, SPACE, UNK, Tokenizer

_LETTER = r"[\p{L}\p{M}]"
_ENDING = rf"(?i:s|t|m|d|re|ve|ll)(?!{_LETTER})"
"""What English has behind an apostrophe: "it's", "don't"."""
_ELIDED = r"(?i:[ldjnsmtco]|qu|jusqu|lorsqu|puisqu|quoiqu|quelqu|aujourd|presqu|entr)"
"""What stands before one: "l'homme", "aujourd'hui", "o'clock"."""


def characters(alphabet: str) -> Tokenizer:
    """One token a character, any case read as lower case."""
    backend = _word_level([*alphabet])
    backend.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    backend.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated")
    backend.decoder = decoders.Fuse()
    return Tokenizer(backend)


def whole_words(words: Sequence[str]) -> Tokenizer:
    """One token a word, words separated by spaces."""
    backend = _word_level(words)
    backend.normalizer = normalizers.NFKC()
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    backend.decoder = decoders.WordPiece(cleanup=False)
    return Tokenizer(backend)


def learn_subwords(texts: Iterable[str], d_vocab: int) -> Tokenizer:
    """Learn byte-pair encoding (Sennrich et al. 2016) from texts.

    NFKC, and typographic quotes and hyphens become the plain ones. Punctuation and digits stand
    apart, each with the space before it, so that "?" and " ?" are one piece each. An apostrophe
    belongs to the French article or pronoun before it (▁l’), or to the English ending behind it
    (’s, ’t); behind other joints a word has the pieces that it has behind a space.
    """
    backend = tokenizers.Tokenizer(models.BPE(unk_token=UNK, fuse_unk=True))
    backend.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Replace(Regex("[‘’]"), "'"),
            normalizers.Replace(Regex("[“”„]"), '"'),
            normalizers.Replace("‐", "-"),
            normalizers.Replace(Regex(r"\s+"), " "),
            normalizers.Strip(),
            normalizers.Replace(Regex(rf"(?<={_LETTER})'(?={_LETTER})"), "’"),
            normalizers.Replace(Regex(rf"’(?!{_ENDING})"), f"’{SPACE}"),
            normalizers.Replace(Regex(rf"(?<={_LETTER})-(?={_LETTER})"), f"‐{SPACE}"),
            normalizers.Replace(Regex(r'(?<!\S)"(?=[\p{L}\p{N}])'), f"“{SPACE}"),
            normalizers.Replace(Regex(r"(?<!\S)'(?=[\p{L}\p{N}])"), f"‘{SPACE}"),
        ]
    )
    apart = (
        rf"{SPACE}?{_ELIDED}’(?={SPACE})",
        rf"’{_ENDING}",
        rf"{SPACE}?{_LETTER}+",
        rf"{SPACE}?[^\p{{L}}\p{{M}}{SPACE}]",
    )
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Metaspace(SPACE, prepend_scheme="always", split=False),
            pre_tokenizers.Split(Regex("|".join(apart)), "isolated"),
        ]
    )
    backend.decoder = decoders.Sequence(
        [
            decoders.Fuse(),
            *(decoders.Replace(joint + SPACE, sign) for joint, sign in JOINTS.items()),
            *(decoders.Replace(joint, sign) for joint, sign in JOINTS.items()),
            decoders.Replace(SPACE, " "),
            decoders.Strip(" ", 1, 0),
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=d_vocab,
        special_tokens=list(CONTROL),
        initial_alphabet=[*JOINTS, *JOINTS.values()],  # each may come in either place
        show_progress=False,
    )
    backend.train_from_iterator(texts, trainer)
    return Tokenizer(backend)


def _word_level(words: Sequence[str]) -> tokenizers.Tokenizer:
    vocabulary = {word: i for i, word in enumerate([*CONTROL, *words])}
    backend = tokenizers.Tokenizer(models.WordLevel(vocabulary, unk_token=UNK))
    backend.add_special_tokens(list(CONTROL))
    return backend
