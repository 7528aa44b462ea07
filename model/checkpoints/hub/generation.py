"""`generation_config.json` (or what an old `config.json` holds of it) as rules and a strategy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ...decoding import Beam, Greedy, Strategy
from ...decoding.rules import Rules
from ...network.config import ModelConfig
from .objects import read_object

FILE = "generation_config.json"

NEUTRAL: dict[str, tuple[object, ...]] = {
    "repetition_penalty": (None, 1.0),
    "encoder_repetition_penalty": (None, 1.0),
    "encoder_no_repeat_ngram_size": (None, 0),
    "diversity_penalty": (None, 0.0),
    "num_beam_groups": (None, 1),
    "exponential_decay_length_penalty": (None,),
    "sequence_bias": (None,),
    "penalty_alpha": (None,),
    "guidance_scale": (None, 1.0),
    "watermarking_config": (None,),
    "constraints": (None,),
    "force_words_ids": (None,),
    "prompt_lookup_num_tokens": (None,),
    "dola_layers": (None,),
}
"""Settings that are not followed, and the values at which they do nothing."""


def read_settings(folder: Path, values: dict[str, Any]) -> dict[str, Any]:
    """The settings of `generate`: the file's, or what `config.json` says where there is none.

    Raises:
        CheckpointError: the file is not a JSON object.
    """
    file = folder / FILE
    return read_object(file) if file.is_file() else values


def rules(settings: dict[str, Any], config: ModelConfig) -> Rules:
    """What may be written when; settings that are left out are told of.

    Raises:
        ValueError: a text must begin or end with a token that the vocabulary does not have.
    """
    left_out = [
        f"{FILE} sets {name} to {str(settings[name])[:40]}, which is not followed here."
        for name, neutral in NEUTRAL.items()
        if settings.get(name) not in neutral
    ]
    if settings.get("do_sample"):
        left_out.append(
            f"{FILE} asks for sampling; the run is greedy, or a beam, unless you choose sampling."
        )
    never, long = _single(settings.get("bad_words_ids") or [])
    if long:
        left_out.append(f"{FILE} forbids {long} sequences of several tokens, which may come here.")
    ends = settings.get("eos_token_id")
    if isinstance(ends, list) and len(ends) > 1:
        left_out.append(f"{FILE} has {len(ends)} tokens that end a text; here the first one does.")
    suppressed = _ids(settings.get("suppress_tokens"))
    begins, last = _begins_with(settings), _one(settings.get("forced_eos_token_id"))
    for one in (*(i for ids in begins for i in ids), *([] if last is None else [last])):
        if not 0 <= one < config.d_vocab:
            raise ValueError(f"token {one} is forced, and there are {config.d_vocab:,}")
    there = range(config.d_vocab)  # what is not there is never written anyhow
    least = max(int(settings.get("min_length") or 0) - 1, int(settings.get("min_new_tokens") or 0))
    return Rules(
        never=tuple(sorted(i for i in {*never, *suppressed} if i in there)),
        never_first=tuple(i for i in _ids(settings.get("begin_suppress_tokens")) if i in there),
        begins_with=begins,
        last=last,
        min_len=max(0, least),
        no_repeat=int(settings.get("no_repeat_ngram_size") or 0),
        max_len=_longest(settings, config),
        not_followed=tuple(left_out),
    )


def strategy(settings: dict[str, Any]) -> Strategy:
    """Greedy, or the beam that the checkpoint asks for."""
    size = int(settings.get("num_beams") or 1)
    if size <= 1:
        return Greedy()
    alpha, stopping = settings.get("length_penalty"), settings.get("early_stopping")
    return Beam(
        size=size,
        length_penalty=1.0 if alpha is None else float(alpha),
        stopping="never" if stopping == "never" else bool(stopping),
    )


def _longest(settings: dict[str, Any], config: ModelConfig) -> int | None:
    """Most tokens to be written; `max_length` counts the one that the decoder begins with."""
    if settings.get("max_new_tokens"):
        return min(int(settings["max_new_tokens"]), config.max_positions)
    if settings.get("max_length"):
        return min(max(int(settings["max_length"]) - 1, 1), config.max_positions)
    return None


def _single(sequences: Any) -> tuple[tuple[int, ...], int]:
    """The forbidden sequences that are one token, and how many are longer."""
    single = [one[0] for one in sequences if len(one) == 1]
    return tuple(map(int, single)), len(sequences) - len(single)


def _begins_with(settings: dict[str, Any]) -> tuple[tuple[int, ...], ...]:
    first = _one(settings.get("forced_bos_token_id"))
    return () if first is None else ((first,),)


def _ids(value: Any) -> tuple[int, ...]:
    return tuple(map(int, value)) if isinstance(value, list) else ()


def _one(value: Any) -> int | None:
    value = value[0] if isinstance(value, list) and value else value
    return int(value) if isinstance(value, int) else None
