"""Somebody's own `torch.nn.Transformer`, opened with a small configuration."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from headlight.model.checkpoints.hub.network import read_network
from headlight.model.network.positions import sinusoids


class Theirs(nn.Module):
    """As in many tutorials: two embeddings, sine waves, `nn.Transformer`, and a linear layer."""

    def __init__(self, norm_first: bool) -> None:
        super().__init__()
        self.src_embedding, self.tgt_embedding = nn.Embedding(40, 32), nn.Embedding(30, 32)
        self.transformer = nn.Transformer(
            *(32, 4, 3, 2, 48), batch_first=True, norm_first=norm_first, activation="gelu"
        )
        self.output = nn.Linear(32, 30)

    def forward(self, src: Tensor, tgt: Tensor) -> Tensor:
        waves = sinusoids(64, 32)
        mask = nn.Transformer.generate_square_subsequent_mask(tgt.size(1))
        x = self.transformer(
            self.src_embedding(src) * math.sqrt(32) + waves[: src.size(1)],
            self.tgt_embedding(tgt) * math.sqrt(32) + waves[: tgt.size(1)],
            tgt_mask=mask,
        )
        logits: Tensor = self.output(x)
        return logits


@pytest.mark.parametrize("norm_first", [True, False], ids=["pre-norm", "post-norm"])
def test_logits_are_theirs(norm_first: bool, tmp_path: Path) -> None:
    torch.manual_seed(0)
    theirs = Theirs(norm_first).eval()
    torch.save(theirs.state_dict(), tmp_path / "pytorch_model.bin")
    values = {
        "model_type": "torch.nn.Transformer",
        **{"d_model": 32, "nhead": 4, "num_encoder_layers": 3, "num_decoder_layers": 2},
        **{"dim_feedforward": 48, "norm_first": norm_first, "activation": "gelu"},
        **{"pad_token_id": 0, "decoder_start_token_id": 1, "eos_token_id": 2},
    }
    (tmp_path / "config.json").write_text(json.dumps(values))
    ours = read_network(tmp_path)
    src, tgt = torch.randint(3, 30, (2, 9)), torch.randint(3, 30, (2, 6))
    with torch.inference_mode():
        torch.testing.assert_close(ours(src, tgt), theirs(src, tgt), atol=2e-5, rtol=1e-4)
