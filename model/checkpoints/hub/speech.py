"""What a Whisper's files say of the text that it writes: languages, tasks, times, and its begin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ...decoding.rules import Rules
from ...decoding.timestamps import Timestamps
from ...network.config import ModelConfig
from ...run.choices import Choice, Choices
from .vocabulary import Side, Vocabulary

LANGUAGE, TASK, TIMES = "source_language", "task", "timestamps"
DETECTED, WITHOUT, WITH = "detected", "not written", "written"
NO_TIMES = "<|notimestamps|>"
STEP, LAST = 0.02, 30.0
"""Seconds between two times that have a token, and the last one."""


def with_times(vocabulary: Vocabulary, settings: Mapping[str, Any]) -> Vocabulary:
    """The vocabulary with names for the times, which follow the last token of `tokenizer.json`.

    What is written begins with a space, so what is typed gets one, too.
    """
    side = vocabulary.target
    without = _no_times(side, settings)
    if without is None:
        return replace(vocabulary, lead=" ")
    times = range(without + 1, min(without + 2 + round(LAST / STEP), vocabulary.n_tokens))
    names = {i: f"<|{n * STEP:.2f}|>" for n, i in enumerate(times)}
    named = replace(side, names={**side.names, **names}, special=side.special | frozenset(names))
    return replace(vocabulary, source=named, target=named, lead=" ")


def choices(
    values: Mapping[str, Any],
    settings: Mapping[str, Any],
    vocabulary: Vocabulary,
    rules: Rules,
    config: ModelConfig,
) -> Choices:
    """Language, task and whether times are written, as far as the files know of them."""
    languages = _codes(settings.get("lang_to_id"))
    tasks = {str(name): int(i) for name, i in (settings.get("task_to_id") or {}).items()}
    if settings.get("is_multilingual") is False:
        languages, tasks = {}, {}
    without = _no_times(vocabulary.target, settings)
    offered = []
    if languages:
        codes = (DETECTED, *sorted(languages))
        offered.append(Choice(LANGUAGE, "language spoken", codes, DETECTED))
    if tasks:
        usual = "transcribe" if "transcribe" in tasks else next(iter(tasks))
        offered.append(Choice(TASK, "task", tuple(tasks), usual))
    if without is not None:
        offered.append(Choice(TIMES, "times among the words", (WITHOUT, WITH), WITHOUT))
    fixed = () if languages or tasks else _forced(settings, values, without)

    def apply(chosen: Mapping[str, str]) -> tuple[Vocabulary, Rules]:
        begin = list(fixed)
        if languages:
            code = chosen[LANGUAGE]
            begin.append(tuple(languages.values()) if code == DETECTED else (languages[code],))
        if tasks:
            begin.append((tasks[chosen[TASK]],))
        written = chosen.get(TIMES) == WITH
        if without is not None and not written:
            begin.append((without,))
        times = None
        if without is not None and written:
            latest = settings.get("max_initial_timestamp_index")
            times = Timestamps(without + 1, without, None if latest is None else int(latest))
        longest = _longest(rules, settings, len(begin), config)
        kept_to = replace(rules, begins_with=tuple(begin), timestamps=times, max_len=longest)
        return vocabulary, kept_to

    return Choices(tuple(offered), apply)


def alignment_heads(
    settings: Mapping[str, Any], config: ModelConfig
) -> tuple[tuple[int, int], ...]:
    """(layer, head) of cross-attention that the files name as following the sound."""
    pairs = settings.get("alignment_heads") or ()
    heads = tuple((int(layer), int(head)) for layer, head in pairs)
    there = config.n_decoder_layers, config.heads("cross")
    return tuple(one for one in heads if all(0 <= i < n for i, n in zip(one, there, strict=True)))


def _no_times(side: Side, settings: Mapping[str, Any]) -> int | None:
    told = settings.get("no_timestamps_token_id")
    if isinstance(told, int):
        return told
    return next((i for i, name in side.names.items() if name == NO_TIMES), None)


def _codes(named: Any) -> dict[str, int]:
    """`{"<|fr|>": 50265}` -> `{"fr": 50265}`."""
    return {str(name).strip("<|>"): int(i) for name, i in (named or {}).items()}


def _forced(
    settings: Mapping[str, Any], values: Mapping[str, Any], without: int | None
) -> tuple[tuple[int, ...], ...]:
    """`forced_decoder_ids` of files that know nothing of languages: [[place, id], …]."""
    forced = settings.get("forced_decoder_ids") or values.get("forced_decoder_ids") or ()
    ids = [one for _, one in sorted(forced, key=lambda pair: int(pair[0])) if one is not None]
    return tuple((int(one),) for one in ids if one != without)


def _longest(
    rules: Rules, settings: Mapping[str, Any], begun: int, config: ModelConfig
) -> int | None:
    """`generate` does not count what a text begins with."""
    if rules.max_len is None:
        return None
    more = begun if settings.get("max_new_tokens") else begun + 1
    return min(rules.max_len + more, config.max_positions - 1)
