"""What a folder's files offer to choose: languages, or tasks named by a prefix."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...decoding.rules import Rules
from ...network.config import ModelConfig
from ...run.choices import Choice, Choices
from ..errors import CheckpointError
from .objects import read_object
from .open_vocabulary import is_language
from .vocabulary import Vocabulary

SOURCE, TARGET, TASK = "source_language", "target_language", "task"
NONE = "none"


def choices(
    folder: Path,
    values: Mapping[str, Any],
    vocabulary: Vocabulary,
    rules: Rules,
    config: ModelConfig,
) -> Choices:
    """The choices of a checkpoint; none where its files know of none."""
    codes = {piece: i for i, piece in vocabulary.target.names.items() if is_language(piece)}
    kind = values["model_type"]
    if kind == "marian" and codes:
        return _marian(vocabulary, rules, codes, config)
    if kind in ("mbart", "m2m_100") and len(codes) > 1:
        return _languages(folder, kind, vocabulary, rules, codes, config)
    prefixes = _prefixes(values)
    return _tasks(vocabulary, rules, prefixes) if prefixes else Choices()


def _marian(
    vocabulary: Vocabulary, rules: Rules, codes: Mapping[str, int], config: ModelConfig
) -> Choices:
    """A multilingual Marian is told the target's language in front of the source."""
    found = Choice(TARGET, "target language", tuple(codes), next(iter(codes)))

    def apply(chosen: Mapping[str, str]) -> tuple[Vocabulary, Rules]:
        return vocabulary.around((codes[chosen[TARGET]],), (config.eos_id,)), rules

    return Choices((found,), apply)


def _languages(
    folder: Path,
    kind: str,
    vocabulary: Vocabulary,
    rules: Rules,
    codes: Mapping[str, int],
    config: ModelConfig,
) -> Choices:
    """The source's language stands beside the source; the target begins with its own."""
    said = _tokenizer_config(folder)
    names = tuple(codes)
    source = _code(said.get("src_lang"), names) or _like("en", names)
    by_id = {i: piece for piece, i in codes.items()}
    target = by_id.get(rules.forced[0] if rules.forced else config.bos_id)
    target = target or _code(said.get("tgt_lang"), names) or _like("fr", names)
    old = str(said.get("tokenizer_class", "")).startswith("MBartTokenizer")  # the first mBART

    def apply(chosen: Mapping[str, str]) -> tuple[Vocabulary, Rules]:
        own, other = codes[chosen[SOURCE]], codes[chosen[TARGET]]
        if old and kind == "mbart":
            return vocabulary.around((), (config.eos_id, own)), replace(rules, start=other)
        return vocabulary.around((own,), (config.eos_id,)), replace(rules, begins_with=((other,),))

    return Choices(
        (
            Choice(SOURCE, "source language", names, source),
            Choice(TARGET, "target language", names, target),
        ),
        apply,
    )


def _tasks(vocabulary: Vocabulary, rules: Rules, prefixes: Mapping[str, str]) -> Choices:
    """T5 is told its task by a prefix of the text."""
    found = Choice(TASK, "task", (NONE, *prefixes), NONE)

    def apply(chosen: Mapping[str, str]) -> tuple[Vocabulary, Rules]:
        return replace(vocabulary, prefix=prefixes.get(chosen[TASK], "")), rules

    return Choices((found,), apply)


def _prefixes(values: Mapping[str, Any]) -> dict[str, str]:
    """The tasks of `task_specific_params`, by their prefixes as one reads them."""
    tasks = values.get("task_specific_params")
    found = [one.get("prefix") for one in tasks.values() if isinstance(one, dict)] if tasks else []
    return {text.strip().rstrip(":"): text for text in found if isinstance(text, str) and text}


def _tokenizer_config(folder: Path) -> dict[str, Any]:
    try:
        return read_object(folder / "tokenizer_config.json")
    except CheckpointError:
        return {}


def _code(language: Any, names: tuple[str, ...]) -> str | None:
    """A language as its code is spelled in the vocabulary."""
    spelled = (language, f"__{language}__")
    return next((name for name in names if name in spelled), None)


def _like(language: str, names: tuple[str, ...]) -> str:
    """The code of a language by its first letters; the first code where it has none."""
    return next((name for name in names if re.match(rf"_*{language}", name)), names[0])
