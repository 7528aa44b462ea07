"""What BART's relatives share: the names of their tensors, and most of their configuration."""

from __future__ import annotations

from typing import Any

from ...network.config import ModelConfig
from ...network.front_shapes import TokensShape
from .family import Tables, Values, Weights, control_ids, size

NAMES = (
    (r"^model\.", ""),
    (r"^(encoder|decoder)\.layers\.(\d+)\.", r"\1.\2."),
    (r"\.self_attn\.", ".self_attention."),
    (r"\.encoder_attn\.", ".cross_attention."),
    (r"attention\.([qkv])_proj\.", r"attention.\1."),
    (r"\.self_attn_layer_norm\.", ".around_self.norm."),
    (r"\.encoder_attn_layer_norm\.", ".around_cross.norm."),
    (r"(\d)\.final_layer_norm\.", r"\1.around_mlp.norm."),
    (r"\.fc1\.", ".feed_forward.up."),
    (r"\.fc2\.", ".feed_forward.down."),
    (r"^(encoder|decoder)\.layer_norm\.", r"\1_norm."),
    (r"^(encoder|decoder)\.layernorm_embedding\.", r"\1_embed_norm."),
    (r"^(encoder|decoder)\.embed_positions\.weights?$", r"\1_positions"),
    (r"^encoder\.embed_tokens\.weight$", "source"),
    (r"^decoder\.embed_tokens\.weight$", "target"),
    (r"^shared\.weight$", "shared"),
    (r"^(lm_head|proj_out)\.weight$", "unembedding.weight"),
    (r"^final_logits_bias$", "logits_bias"),
)

ACTIVATIONS = {"swish": "silu", "gelu_fast": "gelu_new", "gelu_pytorch_tanh": "gelu_new"}


def shape(values: Values, tables: Tables, **switches: Any) -> ModelConfig:
    """The sizes that all of them name alike."""
    d_model, n_heads = size(values, "d_model"), size(values, "encoder_attention_heads")
    n_decoder_heads = size(values, "decoder_attention_heads", default=n_heads)
    d_ff = size(values, "encoder_ffn_dim")
    d_ff_decoder = size(values, "decoder_ffn_dim", default=d_ff)
    activation = str(values.get("activation_function", "gelu"))
    if tables.apart:
        switches.setdefault("front", TokensShape(tables.n_source))
    n_layers = size(values, "encoder_layers", "num_hidden_layers")
    return ModelConfig(
        **{
            "d_vocab": tables.n_target,
            "d_model": d_model,
            "n_heads": n_heads,
            "d_ff": d_ff,
            "n_encoder_layers": n_layers,
            "n_decoder_layers": size(values, "decoder_layers", default=n_layers),
            "max_positions": size(values, "max_position_embeddings", default=1024),
            "dropout": 0.0,
            "n_decoder_heads": None if n_decoder_heads == n_heads else n_decoder_heads,
            "d_ff_decoder": None if d_ff_decoder == d_ff else d_ff_decoder,
            "scale_embed": bool(values.get("scale_embedding", False)),
            "activation": ACTIVATIONS.get(activation, activation),
            "tied": tables.tied,
            "logits_bias": tables.logits_bias,
            **control_ids(values),
            **switches,
        }
    )


def drop_first_rows(weights: Weights, config: ModelConfig) -> None:
    """BART's tables of positions begin with two rows that are never read."""
    for side in ("encoder", "decoder"):
        if f"{side}_positions" in weights:
            weights[f"{side}_positions"] = weights[f"{side}_positions"][2:]
