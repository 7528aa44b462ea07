"""Folders in hub layout with random weights, of the shapes that people's checkpoints have."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from headlight.model import Sound

N_WORDS = 30_000
SIDES = ("encoder", "decoder")


def _sides(n_layers: int, n_heads: int, d_ff: int) -> dict[str, int]:
    """What BART's relatives call the sizes of both stacks."""
    sizes = {"layers": n_layers, "attention_heads": n_heads, "ffn_dim": d_ff}
    return {f"{side}_{name}": size for side in SIDES for name, size in sizes.items()}


SMALL: dict[str, Any] = {"d_model": 512, "vocab_size": 32_000, **_sides(6, 8, 2_048)}


def _opus_mt(hf: Any) -> Any:
    ids = {"pad_token_id": 58_100, "decoder_start_token_id": 58_100, "eos_token_id": 0}
    config = hf.MarianConfig(
        **{**SMALL, **ids, "vocab_size": 58_101},
        max_position_embeddings=512,
        activation_function="swish",
        scale_embedding=True,
    )
    return hf.MarianMTModel(config)


def _t5_small(hf: Any) -> Any:
    return hf.T5ForConditionalGeneration(
        hf.T5Config(decoder_start_token_id=0, num_layers=6, d_model=512, d_ff=2_048)
    )


def _flan_t5_small(hf: Any) -> Any:
    config = hf.T5Config(
        **{"decoder_start_token_id": 0, "num_layers": 8, "num_heads": 6, "d_ff": 1_024},
        feed_forward_proj="gated-gelu",
        tie_word_embeddings=False,
    )
    return hf.T5ForConditionalGeneration(config)


def _whisper_tiny(hf: Any) -> Any:
    ids = {"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 3}
    silent = {"suppress_tokens": None, "begin_suppress_tokens": None}
    config = hf.WhisperConfig(**ids, **silent, d_model=384, **_sides(4, 6, 1_536))
    return hf.WhisperForConditionalGeneration(config)


MAKES: dict[str, Callable[[Any], Any]] = {
    "opus-mt": _opus_mt,
    "bart-base": lambda hf: hf.BartForConditionalGeneration(
        hf.BartConfig(**{**_sides(6, 12, 3_072), "d_model": 768})
    ),
    "bart-large": lambda hf: hf.BartForConditionalGeneration(hf.BartConfig()),
    "mbart": lambda hf: hf.MBartForConditionalGeneration(
        hf.MBartConfig(**SMALL, decoder_start_token_id=2)
    ),
    "m2m100": lambda hf: hf.M2M100ForConditionalGeneration(hf.M2M100Config(**SMALL)),
    "pegasus": lambda hf: hf.PegasusForConditionalGeneration(hf.PegasusConfig(**SMALL)),
    "t5-small": _t5_small,
    "flan-t5-small": _flan_t5_small,
    "whisper-tiny": _whisper_tiny,
}
"""opus-mt, T5-small, FLAN-T5-small, BART and Whisper tiny have the sizes of the real ones; mBART,
M2M100 and Pegasus are made smaller, with opus-mt's sizes and 32,000 tokens."""


def write(name: str, folder: Path, **settings: object) -> Path:
    """A checkpoint of this shape below `folder`, with a vocabulary of words; where it is.

    Args:
        settings: of `generate`, beside those that make it greedy and leave every token open.
    """
    import torch
    import transformers

    transformers.logging.set_verbosity_error()
    torch.manual_seed(0)
    made, place = MAKES[name](transformers), folder / name
    made.save_pretrained(place)
    _write_words(place / "tokenizer.json", made.config.eos_token_id)
    file = place / "generation_config.json"
    found = json.loads(file.read_text())
    found |= {"num_beams": 1, "no_repeat_ngram_size": 0, "length_penalty": 1.0, "max_length": None}
    found |= {"forced_bos_token_id": None, "forced_eos_token_id": None, **settings}
    file.write_text(json.dumps({key: one for key, one in found.items() if one is not None}))
    return place


def _write_words(file: Path, end: int) -> None:
    """A vocabulary of "w0", "w1", …, with the end of a text where the model has it."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    words = {f"w{i}" if i != end else "</s>": i for i in range(N_WORDS)}
    backend = Tokenizer(models.WordLevel(words, unk_token=f"w{N_WORDS - 1}"))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    backend.add_special_tokens(["</s>"])
    if end < N_WORDS:
        template = processors.TemplateProcessing("$A </s>", None, [("</s>", end)])
        backend.post_processor = template
    backend.save(str(file))


def sentence(n: int, seed: int = 0) -> str:
    """A source of `n` tokens with its end."""
    return " ".join(f"w{i}" for i in random.Random(seed).sample(range(5, 29_000), n - 1))


def target(n: int, seed: int = 1) -> list[int]:
    """Ids of a target."""
    return random.Random(seed).sample(range(5, 29_000), n - 1)


def noise(seconds: float = 6.0, seed: int = 0) -> Sound:
    """A sound for a Whisper; it reads its whole window whatever is heard."""
    samples = np.random.default_rng(seed).normal(size=round(16_000 * seconds)) * 0.1
    return Sound(samples.astype(np.float32), 16_000)
