"""Tiny random checkpoints of every family, written by `transformers` as the hub lays them out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tokenizers
import torch
import transformers
from tokenizers import models, pre_tokenizers, processors

hf: Any = transformers
N_TOKENS, PAD = 199, 1
BART: dict[str, Any] = {
    "d_model": 48,
    "encoder_layers": 3,
    "decoder_layers": 2,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 6,
    "encoder_ffn_dim": 96,
    "decoder_ffn_dim": 80,
    "init_std": 0.3,
}
TEXT: dict[str, Any] = {"vocab_size": N_TOKENS, "max_position_embeddings": 64}
T5: dict[str, Any] = {
    "d_model": 48,
    "d_kv": 10,
    "d_ff": 96,
    "num_layers": 3,
    "num_decoder_layers": 2,
    "num_heads": 6,
    "vocab_size": N_TOKENS,
    "decoder_start_token_id": 0,
}
MARIAN: dict[str, Any] = {
    "scale_embedding": True,
    "activation_function": "swish",
    "eos_token_id": 0,
}


def marian() -> Any:
    """As opus-mt: one vocabulary, the decoder begins with padding."""
    ids: dict[str, Any] = {"pad_token_id": 198, "decoder_start_token_id": 198}
    return hf.MarianMTModel(hf.MarianConfig(**BART, **TEXT, **MARIAN, **ids, forced_eos_token_id=0))


def marian_apart() -> Any:
    """Source and target with vocabularies of their own."""
    return hf.MarianMTModel(
        hf.MarianConfig(
            **{**BART, **TEXT, **MARIAN},
            pad_token_id=150,
            decoder_start_token_id=150,
            share_encoder_decoder_embeddings=False,
            decoder_vocab_size=151,
            tie_word_embeddings=False,
        )
    )


def t5_gated() -> Any:
    """As FLAN-T5: a gate, and an output of its own."""
    config = hf.T5Config(**T5, feed_forward_proj="gated-gelu", tie_word_embeddings=False)
    return with_own_output(hf.T5ForConditionalGeneration(config))


def mt5() -> Any:
    """As T5 v1.1, for many languages."""
    return with_own_output(hf.MT5ForConditionalGeneration(hf.MT5Config(**T5)))


def with_own_output(model: Any) -> Any:
    """An output projection that is not the embedding."""
    model.lm_head.weight = torch.nn.Parameter(torch.randn(N_TOKENS, 48))
    model.config.tie_word_embeddings = False
    return model


def whisper(n_positions: int = 40) -> Any:
    """Sound in, so many positions after the convolutions, each 20 ms."""
    heads: dict[str, Any] = {**BART, "decoder_attention_heads": 4}
    ids: dict[str, Any] = {"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2}
    return hf.WhisperForConditionalGeneration(
        hf.WhisperConfig(
            **heads,
            **ids,
            decoder_start_token_id=3,
            vocab_size=N_TOKENS,
            max_source_positions=n_positions,
            max_target_positions=64,
            suppress_tokens=None,
            begin_suppress_tokens=None,
        )
    )


SCALED: dict[str, Any] = {"scale_embedding": True}
FOLDERS: dict[str, Callable[[], Any]] = {
    "marian": marian,
    "marian, two vocabularies": marian_apart,
    "bart": lambda: hf.BartForConditionalGeneration(hf.BartConfig(**BART, **TEXT)),
    "mbart": lambda: hf.MBartForConditionalGeneration(hf.MBartConfig(**BART, **TEXT, **SCALED)),
    "pegasus": lambda: hf.PegasusForConditionalGeneration(
        hf.PegasusConfig(**BART, **TEXT, **SCALED, activation_function="relu")
    ),
    "m2m100": lambda: hf.M2M100ForConditionalGeneration(hf.M2M100Config(**BART, **TEXT, **SCALED)),
    "t5": lambda: hf.T5ForConditionalGeneration(hf.T5Config(**T5)),
    "t5 v1.1": t5_gated,
    "mt5": mt5,
    "whisper": whisper,
}
LONG_WHISPER = "whisper, 6 seconds"


def write_words(folder: Path) -> None:
    """A `tokenizer.json` of as many words, `</s>` behind each text where the model has its end."""
    end = json.loads((folder / "config.json").read_text())["eos_token_id"]
    words = {f"w{i}" if i != end else "</s>": i for i in range(150)}
    backend = tokenizers.Tokenizer(models.WordLevel(words, unk_token="w149"))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    backend.add_special_tokens(["</s>"])
    backend.post_processor = processors.TemplateProcessing("$A </s>", None, [("</s>", end)])
    backend.save(str(folder / "tokenizer.json"))


def write(name: str, folder: Path, **options: Any) -> Any:
    """Save a model of a family in `folder`, and give it as read again: what it then computes."""
    torch.manual_seed(0)
    model = (whisper(300) if name == LONG_WHISPER else FOLDERS[name]()).eval()
    with torch.no_grad():
        for key, tensor in [*model.named_parameters(), *model.named_buffers()]:
            waves = "embed_positions" in key and name.startswith(("marian", "pegasus", "m2m"))
            if tensor.is_floating_point() and not waves:  # norms and biases are not at 1 and 0
                tensor += 0.1 * torch.randn_like(tensor)
    model.save_pretrained(folder, **options)
    if not name.startswith(("t5 v", "mt5")):
        model = type(model).from_pretrained(folder).eval()
    model.set_attn_implementation("eager")
    return model
