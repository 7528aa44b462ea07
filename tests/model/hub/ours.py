"""Our own models written as folders of the hub: trained weights in that layout, no download."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from headlight.model import Model

BLOCKS = {"self_attention": "self_attn", "cross_attention": "encoder_attn"}
NORMS = {
    "around_self": "self_attn_layer_norm",
    "around_cross": "encoder_attn_layer_norm",
    "around_mlp": "final_layer_norm",
}


def tensors(model: Model) -> dict[str, Tensor]:
    """The weights under the hub's names; channels go from sine-cosine pairs to halves."""
    state, d = model.network.state_dict(), model.config.d_model
    order = torch.cat([torch.arange(0, d, 2), torch.arange(1, d, 2)])
    found = {"model.shared.weight": state["embedding.weight"][:, order]}
    for name, tensor in state.items():
        parts = name.split(".")
        if parts[0] not in ("encoder", "decoder") or len(parts) < 4:
            continue
        side, layer, block, rest = parts[0], parts[1], parts[2], ".".join(parts[3:])
        to = f"model.{side}.layers.{layer}."
        part = parts[-1]
        if rest.startswith("in_proj"):
            for letter, third in zip("qkv", tensor.chunk(3), strict=True):
                third = third[:, order] if part == "weight" else third
                found[f"{to}{BLOCKS[block]}.{letter}_proj.{part}"] = third
        elif rest.startswith("out_proj"):
            found[f"{to}{BLOCKS[block]}.{rest}"] = tensor[order]
        elif block in NORMS:
            found[f"{to}{NORMS[block]}.{part}"] = tensor[order]
        elif rest.startswith("up"):
            found[f"{to}fc1.{part}"] = tensor[:, order] if part == "weight" else tensor
        else:
            found[f"{to}fc2.{part}"] = tensor[order]
    for side in ("encoder", "decoder"):
        for part in ("weight", "bias"):
            if f"{side}_norm.{part}" in state:
                found[f"model.{side}.layer_norm.{part}"] = state[f"{side}_norm.{part}"][order]
    return {name: tensor.contiguous() for name, tensor in found.items()}


def config(model: Model, family: str = "") -> dict[str, Any]:
    """`config.json`: Pegasus has our norm order; Marian the paper's, unless it says otherwise."""
    own = model.config
    return {
        "model_type": family or ("pegasus" if own.norm_first else "marian"),
        "normalize_before": own.norm_first,
        "vocab_size": own.d_vocab,
        "d_model": own.d_model,
        "encoder_layers": own.n_encoder_layers,
        "decoder_layers": own.n_decoder_layers,
        "encoder_attention_heads": own.n_heads,
        "decoder_attention_heads": own.n_heads,
        "encoder_ffn_dim": own.d_ff,
        "decoder_ffn_dim": own.d_ff,
        "max_position_embeddings": own.max_positions,
        "activation_function": "relu",
        "scale_embedding": True,
        "pad_token_id": own.pad_id,
        "bos_token_id": own.bos_id,
        "eos_token_id": own.eos_id,
        "decoder_start_token_id": own.bos_id,
    }


def save_as_hub(
    model: Model, folder: Path, weights: dict[str, Tensor] | None = None, family: str = ""
) -> Path:
    """Write the folder; `weights` None leaves the model's own; `family` "" takes what fits."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors(model) if weights is None else weights, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(config(model, family)))
    settings = {"suppress_tokens": [model.config.pad_id, model.config.bos_id]}
    (folder / "generation_config.json").write_text(json.dumps(settings))
    state = json.loads(model.tokenizer.backend.to_str())  # type: ignore[attr-defined]
    state["post_processor"] = {
        "type": "TemplateProcessing",
        "single": [{"Sequence": {"id": "A", "type_id": 0}}, special("<eos>")],
        "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
        "special_tokens": {"<eos>": {"id": "<eos>", "ids": [2], "tokens": ["<eos>"]}},
    }
    (folder / "tokenizer.json").write_text(json.dumps(state))
    return folder


def special(token: str) -> dict[str, Any]:
    """A control token of a template."""
    return {"SpecialToken": {"id": token, "type_id": 0}}
