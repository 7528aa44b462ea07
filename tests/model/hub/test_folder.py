"""Folders in hub layout: our own weights in it, and everything that can be wrong with one."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

import headlight
from headlight.model import CheckpointError, Model
from headlight.model.network.config import KINDS
from tests.model.builders import Trap, random_model
from tests.model.hub.ours import config, save_as_hub, tensors


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("translate-en-fr", "pegasus"),
        ("translate-en-fr", "marian"),
        ("reverse", "pegasus"),
        ("dates", "marian"),
        ("random post-norm", "marian"),
    ],
)
def test_our_models_in_hub_layout_give_their_own_numbers(
    name: str, family: str, tmp_path: Path
) -> None:
    own = random_model(norm_first=False) if name.startswith("random") else headlight.load(name)
    found = headlight.load(save_as_hub(own, tmp_path / "folder", family=family))
    assert (found.slug, found.task) == ("folder", None)
    assert own.task is not None
    for example in own.task.examples[:3]:
        one, other = own.run(example.text), found.run(example.text)
        assert other.tgt_out.ids == one.tgt_out.ids
        assert other.src.ids == one.src.ids
        assert other.src.spans == one.src.spans
        assert other.src.special == one.src.special
        np.testing.assert_allclose(other.logits, one.logits, atol=2e-4)
        for kind in KINDS:
            for a, b in zip(one.attention[kind], other.attention[kind], strict=True):
                np.testing.assert_allclose(b.pattern, a.pattern, atol=1e-4)
        assert other.output_text == one.output_text or name != "translate-en-fr"
    batch = found.run_many([example.text for example in own.task.examples[:3]])
    assert [one.tgt_out.ids for one in batch] == [
        found.run(example.text).tgt_out.ids for example in own.task.examples[:3]
    ]


def test_signs_between_words_are_written_as_the_folder_s_decoder_says(tmp_path: Path) -> None:
    own = headlight.load("translate-en-fr")
    found = headlight.load(save_as_hub(own, tmp_path / "folder"))
    written = []
    for text in ("He isn't here.", '"Hello", she said.', "Is it a well-known man?"):
        one, other = own.run(text), found.run(text)
        assert (other.output_text, other.tgt_out.spans) == (one.output_text, one.tgt_out.spans)
        assert other.src.spans == one.src.spans
        written.append(other.output_text)
    assert "n'est" in written[0]
    assert "-ce" in written[2]


@pytest.fixture(scope="module")
def tiny_model() -> Model:
    """A random model that folders are written from."""
    return random_model()


@pytest.fixture
def folder(tiny_model: Model, tmp_path: Path) -> Path:
    """Its folder in hub layout."""
    return save_as_hub(tiny_model, tmp_path / "tiny")


def same_output(one: Model, other: Model, tolerance: float = 1e-5) -> None:
    a, b = one.teacher_force("c a b", "b a c"), other.teacher_force("c a b", "b a c")
    np.testing.assert_allclose(a.logits, b.logits, atol=tolerance)


def test_weights_in_parts_in_halves_and_as_tensors_only_pickles(
    folder: Path, tiny_model: Model
) -> None:
    whole, weights = headlight.load(folder), tensors(tiny_model)
    half = {name: tensor.half() for name, tensor in weights.items()}
    save_file(half, folder / "model.safetensors")
    same_output(whole, headlight.load(folder), 0.02)
    (folder / "model.safetensors").unlink()
    names = sorted(weights)
    parts = {"a.safetensors": names[::2], "b.safetensors": names[1::2]}
    for file, some in parts.items():
        save_file({name: weights[name] for name in some}, folder / file)
    index = {"weight_map": {name: file for file, some in parts.items() for name in some}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    same_output(whole, headlight.load(folder))
    (folder / "model.safetensors.index.json").unlink()
    torch.save(weights, folder / "pytorch_model.bin")
    same_output(whole, headlight.load(folder))


def test_old_folders_open(folder: Path, tiny_model: Model) -> None:
    """Duplicate and unused tensors, positions that are computed, and missing configuration."""
    whole, weights = headlight.load(folder), tensors(tiny_model)
    shared = weights["model.shared.weight"]
    old = {
        **weights,
        "model.encoder.embed_tokens.weight": shared.clone(),
        "model.decoder.embed_tokens.weight": shared.clone(),
        "lm_head.weight": shared.clone(),
        "model.encoder.embed_positions.weight": torch.randn(64, 16),
        "final_logits_bias": torch.zeros(1, len(shared)),
        "position_ids": torch.arange(64),
    }
    torch.save(old, folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    (folder / "generation_config.json").unlink()
    values = config(tiny_model)
    for name in ("decoder_ffn_dim", "decoder_attention_heads", "bos_token_id"):
        del values[name]
    (folder / "config.json").write_text(json.dumps(values))
    found = headlight.load(folder)
    assert found.config.tied
    assert found.config.front is None
    same_output(whole, found)


def test_a_pickle_with_more_than_tensors_is_never_run(folder: Path, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    torch.save({"model.shared.weight": Trap(mark)}, folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    with pytest.raises(CheckpointError, match=r"pytorch_model\.bin .* more than tensors"):
        headlight.load(folder)
    assert not mark.exists()


def change(folder: Path, **values: Any) -> None:
    file = folder / "config.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **values}))


def _normalizer(folder: Path, value: Any) -> None:
    file = folder / "tokenizer.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "normalizer": value}))


NORM = "model.decoder.layers.1.encoder_attn_layer_norm.weight"
KEYS = "model.encoder.layers.0.self_attn.k_proj.weight"
WRONG: dict[str, tuple[Any, str]] = {
    "another type": (
        lambda folder, weights: change(folder, model_type="llama"),
        r"config\.json says the model is of type 'llama'\. Headlight opens .*marian, bart",
    ),
    "a tensor that is missing": (
        lambda folder, weights: weights.pop(NORM),
        rf"tiny do not have {re.escape(NORM)}, which config\.json asks for",
    ),
    "a tensor without a place": (
        lambda folder, weights: weights.update(strange=torch.ones(3)),
        r"have strange, which config\.json has no place for\.",
    ),
    "another shape": (
        lambda folder, weights: weights.update({NORM: torch.ones(7)}),
        rf"{re.escape(NORM)} is \[7\], but config\.json makes it \[16\]",
    ),
    "a projection of another shape": (
        lambda folder, weights: weights.update({KEYS: torch.ones(16, 7)}),
        rf"{re.escape(KEYS)} is \[16, 7\], but config\.json makes it \[16, 16\]",
    ),
    "a projection that is missing": (
        lambda folder, weights: weights.pop(KEYS),
        rf"tiny do not have {re.escape(KEYS)}, which config\.json asks for",
    ),
    "infinite numbers": (
        lambda folder, weights: weights.update({KEYS: torch.full((16, 16), -torch.inf)}),
        rf"tiny: {re.escape(KEYS)} holds numbers that are not finite",
    ),
    "too large a number": (
        lambda folder, weights: weights.update(
            {NORM: torch.full((16,), 1e300, dtype=torch.float64)}
        ),
        rf"tiny: {re.escape(NORM)} holds numbers that are not finite",
    ),
    "numbers that are none": (
        lambda folder, weights: weights.update({NORM: torch.full((16,), torch.nan)}),
        rf"tiny: {re.escape(NORM)} holds numbers that are not finite in float32\.$",
    ),
    "a size that is missing": (
        lambda folder, weights: change(folder, d_model=None),
        r"config\.json describes .*: d_model is missing",
    ),
    "a size that is none": (
        lambda folder, weights: change(folder, encoder_layers="many"),
        r"config\.json describes .*: encoder_layers must be a whole number, not 'many'",
    ),
    "far too large": (
        lambda folder, weights: change(folder, encoder_ffn_dim=10**9),
        r"config\.json describes .*would hold over 5,000,000,000 numbers",
    ),
    "no vocabulary": (
        lambda folder, weights: (folder / "tokenizer.json").unlink(),
        r"tiny has no vocabulary: there is none of tokenizer\.json, source\.spm",
    ),
    "a damaged vocabulary": (
        lambda folder, weights: (folder / "tokenizer.json").write_text("{"),
        r"tokenizer\.json is not a usable tokenizer",
    ),
    "a vocabulary that makes its library panic": (
        lambda folder, weights: _normalizer(folder, {"type": "Precompiled"}),
        r"tokenizer\.json is not a usable tokenizer",
    ),
    "a value that nobody thought of": (
        lambda folder, weights: (folder / "generation_config.json").write_text("[1, 2]"),
        r"tiny",
    ),
    "damaged settings": (
        lambda folder, weights: (folder / "generation_config.json").write_text("{"),
        r"generation_config\.json cannot be read",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_with_file_and_tensor(
    name: str, folder: Path, tiny_model: Model
) -> None:
    damage, said = WRONG[name]
    weights = tensors(tiny_model)
    damage(folder, weights)
    save_file(weights, folder / "model.safetensors")
    with pytest.raises(CheckpointError, match=said) as caught:
        headlight.load(folder)
    assert len(re.findall(r"\n", str(caught.value))) == 0


def test_damaged_weights_are_refused(folder: Path) -> None:
    file = folder / "model.safetensors"
    data = file.read_bytes()
    for damaged in (data[: len(data) // 2], b"", b"\xff" * 100):
        file.write_bytes(damaged)
        with pytest.raises(CheckpointError, match=r"model\.safetensors is damaged"):
            headlight.load(folder)
    file.unlink()
    with pytest.raises(CheckpointError, match=r"has no weights: neither model\.safetensors nor"):
        headlight.load(folder)
    index = folder / "model.safetensors.index.json"
    for text in ("{", "[]", '{"weight_map": {"a": "../x.safetensors"}}'):
        index.write_text(text)
        with pytest.raises(CheckpointError, match=r"index\.json (is not|names)"):
            headlight.load(folder)
