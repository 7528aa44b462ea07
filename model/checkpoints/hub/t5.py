"""T5 (Raffel et al. 2020), v1.1, FLAN-T5 and mT5: relative positions, no biases, RMS norm."""

from __future__ import annotations

from ...network.config import ModelConfig
from .family import Family, Tables, Values, control_ids, size

LONGEST = 2_048
"""Positions that are offered: relative ones have no end of their own."""

NAMES = (
    (r"^(encoder|decoder)\.block\.(\d+)\.", r"\1.\2."),
    (
        r"^(encoder|decoder)\.0\.layer\.0\.SelfAttention\.relative_attention_bias\.",
        r"\1_bias.table.",
    ),
    (r"layer\.0\.SelfAttention\.", "self_attention."),
    (r"layer\.1\.EncDecAttention\.", "cross_attention."),
    (r"attention\.o\.", "attention.out_proj."),
    (r"layer\.0\.layer_norm\.", "around_self.norm."),
    (r"^(decoder\.\d+)\.layer\.1\.layer_norm\.", r"\1.around_cross.norm."),
    (r"layer\.\d\.layer_norm\.", "around_mlp.norm."),
    (r"layer\.\d\.(DenseReluDense|DenseGatedGeluDense)\.", "feed_forward."),
    (r"\.wi_0\.", ".gate."),
    (r"\.wi(_1)?\.", ".up."),
    (r"\.wo\.", ".down."),
    (r"^(encoder|decoder)\.final_layer_norm\.", r"\1_norm."),
    (r"^encoder\.embed_tokens\.weight$", "source"),
    (r"^decoder\.embed_tokens\.weight$", "target"),
    (r"^shared\.weight$", "shared"),
    (r"^lm_head\.weight$", "unembedding.weight"),
)


def config(values: Values, tables: Tables) -> ModelConfig:
    """v1.0 has ReLU and a tied, scaled output; later ones a gate and an output of their own."""
    parts = str(values.get("feed_forward_proj", "relu")).split("-")
    gated, activation = parts[0] == "gated", parts[-1]
    if gated and activation == "gelu":
        activation = "gelu_new"
    scaled = values.get("scale_decoder_outputs")
    if scaled is None:
        scaled = values["model_type"] == "t5" and values.get("tie_word_embeddings", True)
    d_model, n_layers = size(values, "d_model"), size(values, "num_layers")
    return ModelConfig(
        d_vocab=tables.n_target,
        d_model=d_model,
        n_heads=size(values, "num_heads"),
        d_ff=size(values, "d_ff"),
        n_encoder_layers=n_layers,
        n_decoder_layers=size(values, "num_decoder_layers", default=n_layers),
        max_positions=LONGEST,
        dropout=0.0,
        d_key=size(values, "d_kv"),
        norm="rms",
        norm_eps=float(values.get("layer_norm_epsilon", 1e-6)),
        position="relative",
        n_buckets=size(values, "relative_attention_num_buckets", default=32),
        max_distance=size(values, "relative_attention_max_distance", default=128),
        scale_embed=False,
        attention_scale=1.0,
        activation={"swish": "silu"}.get(activation, activation),
        gated=gated,
        bias=False,
        tied=tables.tied,
        logits_scale=d_model**-0.5 if scaled else 1.0,
        **control_ids(values, start=0),
    )


T5 = Family(
    ("t5", "mt5"),
    "T5",
    NAMES,
    config,
    unused=r"EncDecAttention\.relative_attention_bias|cross_attention\.relative_attention_bias",
)
