from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from headlight.model import ModelConfig
from headlight.model.network.transformer import Transformer

SIZES = [
    "d_vocab",
    "d_model",
    "n_heads",
    "d_ff",
    "n_encoder_layers",
    "n_decoder_layers",
    "max_positions",
]


@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize("value", [0, -1, 2.0, "8", True, None])
def test_sizes_are_whole_numbers_of_at_least_one(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"{name} must be a whole number"):
        ModelConfig(**{"d_vocab": 10, name: value})


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"d_model": 80, "n_heads": 3}, r"d_model \(80\) must be a multiple of n_heads \(3\)"),
        ({"d_model": 9, "n_heads": 3}, "d_model must be even"),
        ({"dropout": 1.0}, "dropout must be at least 0 and below 1"),
        ({"dropout": -0.1}, "dropout must be at least 0 and below 1"),
        ({"dropout": float("nan")}, "dropout must be at least 0 and below 1"),
        ({"dropout": "0.1"}, "dropout must be at least 0 and below 1"),
        ({"norm_first": 1}, "norm_first must be true or false"),
        ({"pad_id": 10}, "must be ids below d_vocab"),
        ({"unk_id": 10}, "must be ids below d_vocab"),
        ({"eos_id": -1}, "must be ids below d_vocab"),
        ({"eos_id": [2]}, "must be ids below d_vocab"),
        ({"n_encoder_layers": 101}, "at most 100 layers a stack"),
        ({"n_decoder_layers": 10**9}, "at most 100 layers a stack"),
        ({"d_ff": 10**12}, "would hold over 5,000,000,000 numbers"),
        ({"max_positions": 10**400}, "max_positions must be at most 16,384"),
        ({"max_positions": 3_700_000}, "max_positions must be at most 16,384"),
        ({"d_model": 80_000}, "would hold over"),
    ],
)
def test_what_no_model_can_be_is_refused(values: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        ModelConfig(**{"d_vocab": 10, **values})


def test_derived_sizes() -> None:
    config = ModelConfig(d_vocab=10, d_model=24, n_heads=3, n_encoder_layers=3, n_decoder_layers=1)
    assert config.d_head == 8
    kinds = ("encoder_self", "decoder_self", "cross")
    assert [config.n_layers(kind) for kind in kinds] == [3, 1, 1]
    with pytest.raises(ValueError, match="unknown kind of attention 'typo'; use encoder_self"):
        config.n_layers("typo")


def test_plain_values_and_back() -> None:
    config = ModelConfig(d_vocab=10, d_model=24, n_heads=3, norm_first=False, dropout=0.25)
    assert ModelConfig.from_dict(config.to_dict()) == config


def test_numbers_are_counted_as_the_network_has_them() -> None:
    config = ModelConfig(
        d_vocab=11,
        d_model=24,
        n_heads=3,
        d_ff=7,
        max_positions=5,
        n_encoder_layers=3,
        n_decoder_layers=2,
    )
    network = Transformer(config)
    matrices = sum(p.numel() for p in network.parameters() if p.dim() > 1)
    assert config._n_numbers == matrices + network.positions.numel()


def test_unknown_and_missing_names_are_said() -> None:
    values = ModelConfig(d_vocab=10).to_dict()
    with pytest.raises(ValueError, match=r"unknown names .*: d_modell"):
        ModelConfig.from_dict({**values, "d_modell": 8})
    del values["d_ff"], values["eos_id"]
    with pytest.raises(ValueError, match=r"names missing .*: d_ff, eos_id"):
        ModelConfig.from_dict(values)


def test_a_configuration_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        ModelConfig(d_vocab=10).d_model = 8  # type: ignore[misc]
