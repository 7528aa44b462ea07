"""`torch.nn.Transformer` of one's own, with a small `config.json` beside its weights.

    {"model_type": "torch.nn.Transformer", "d_model": 64, "nhead": 4, "norm_first": true,
     "pad_token_id": 0, "decoder_start_token_id": 1, "eos_token_id": 2}

The state dict holds the module's tensors (under `transformer.` or nothing), the embedding as
`embedding.weight` (or `src_embedding.weight` and `tgt_embedding.weight`), and the output projection
as `output.weight` and `output.bias`; without these the output is the target's embedding. The file's
other names are those of `nn.Transformer`'s arguments, with their defaults, and of `ModelConfig`:
`scale_embed`, `max_positions`, and `position`, which is "sinusoid" unless tables are stored as
`encoder_positions` and `decoder_positions`.
"""

from __future__ import annotations

from ...network.config import ModelConfig
from ...network.front_shapes import TokensShape
from .family import Family, Tables, Values, control_ids, size

NAMES = (
    (r"^transformer\.", ""),
    (r"^(encoder|decoder)\.layers\.(\d+)\.", r"\1.\2."),
    (r"\.self_attn\.", ".self_attention."),
    (r"\.multihead_attn\.", ".cross_attention."),
    (r"\.in_proj_(weight|bias)$", r".in_proj.\1"),
    (r"\.linear1\.", ".feed_forward.up."),
    (r"\.linear2\.", ".feed_forward.down."),
    (r"^((?:encoder|decoder)\.\d+)\.norm1\.", r"\1.around_self.norm."),
    (r"^(encoder\.\d+)\.norm2\.", r"\1.around_mlp.norm."),
    (r"^(decoder\.\d+)\.norm2\.", r"\1.around_cross.norm."),
    (r"^(decoder\.\d+)\.norm3\.", r"\1.around_mlp.norm."),
    (r"^(encoder|decoder)\.norm\.", r"\1_norm."),
    (r"^(src|source)_embedding\.weight$", "source"),
    (r"^(tgt|target)_embedding\.weight$", "target"),
    (r"^embedding\.weight$", "shared"),
    (r"^(output|generator)\.weight$", "unembedding.weight"),
    (r"^(output|generator)\.bias$", "logits_bias"),
)


def config(values: Values, tables: Tables) -> ModelConfig:
    """Arguments of `nn.Transformer` by their names; that class always has final norms."""
    return ModelConfig(
        d_vocab=tables.n_target,
        d_model=size(values, "d_model", default=512),
        n_heads=size(values, "nhead", "n_heads", default=8),
        d_ff=size(values, "dim_feedforward", "d_ff", default=2048),
        n_encoder_layers=size(values, "num_encoder_layers", "n_encoder_layers", default=6),
        n_decoder_layers=size(values, "num_decoder_layers", "n_decoder_layers", default=6),
        max_positions=size(values, "max_positions", default=512),
        dropout=0.0,
        norm_first=bool(values.get("norm_first", False)),
        norm_final=bool(values.get("norm_final", True)),
        norm_eps=float(values.get("layer_norm_eps", 1e-5)),
        activation=str(values.get("activation", "relu")),
        position=str(values.get("position", "sinusoid")),
        scale_embed=bool(values.get("scale_embed", True)),
        front=TokensShape(tables.n_source) if tables.apart else None,
        tied=tables.tied,
        logits_bias=tables.logits_bias,
        **control_ids(values),
    )


TORCH = Family(
    ("torch.nn.Transformer",), "torch.nn.Transformer", NAMES, config, unused=r"^positions$"
)
