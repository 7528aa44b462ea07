"""What is saved comes back; whatever else lies in a folder is refused with the file's name."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

import headlight
from headlight.model import CheckpointError, Model
from headlight.model.checkpoints.folder import (
    CONFIG,
    TOKENIZER,
    WEIGHTS,
    read_folder,
    write_weights,
)
from headlight.model.network.digest import digest
from tests.model.builders import Trap, files, random_model, random_network

TEXT = "c a b"


@pytest.fixture(scope="module")
def original() -> Model:
    return random_model(seed=1)


@pytest.fixture
def folder(original: Model, tmp_path: Path) -> Path:
    headlight.save(original, tmp_path / "mine")
    return tmp_path / "mine"


def refused(folder: Path, file: str) -> str:
    """The sentence with which a folder is refused: it names the file, and nothing is changed."""
    before = files(folder)
    with pytest.raises(CheckpointError) as error:
        headlight.load(folder)
    assert isinstance(error.value, ValueError)
    assert str(folder / file) in str(error.value)
    assert files(folder) == before
    return str(error.value)


def test_what_is_saved_comes_back(original: Model, folder: Path) -> None:
    assert sorted(files(folder)) == [CONFIG, WEIGHTS, TOKENIZER]
    for name in (folder, str(folder)):
        again = headlight.load(name)
        assert (again.slug, again.task, again.config) == ("reverse", original.task, original.config)
        weights = original.network.state_dict()
        for key, tensor in again.network.state_dict().items():
            assert tensor.dtype == torch.float32
            assert torch.equal(tensor, weights[key].half().float()), key
        assert not again.network.training
        assert not any(parameter.requires_grad for parameter in again.network.parameters())
        assert torch.equal(again.network.positions, original.network.positions)
        assert again.read(TEXT) == original.read(TEXT)


def test_a_loaded_model_saved_again_is_the_same(folder: Path, tmp_path: Path) -> None:
    loaded = headlight.load(folder)
    headlight.save(loaded, tmp_path / "again")
    assert files(tmp_path / "again") == files(folder)
    again = headlight.load(tmp_path / "again")
    assert again.digest == loaded.digest
    assert np.array_equal(again.run(TEXT).logits, loaded.run(TEXT).logits)


def test_a_model_without_positions_is_not_saved_as_one_with(tmp_path: Path) -> None:
    without = random_model()
    without.network.positions.zero_()
    with pytest.raises(ValueError, match="without positions cannot be kept"):
        headlight.save(without, tmp_path / "mine")
    assert not (tmp_path / "mine").exists()


def test_weights_are_stored_in_half_precision(folder: Path) -> None:
    stored = load_file(folder / WEIGHTS)
    assert {tensor.dtype for tensor in stored.values()} == {torch.float16}
    assert not any(name.startswith("positions") for name in stored)


def test_the_digest_tells_weights_apart(original: Model, folder: Path) -> None:
    loaded = headlight.load(folder)
    assert re.fullmatch("[0-9a-f]{16}", loaded.digest)
    assert loaded.digest == headlight.load(folder).digest
    assert loaded.digest != random_model(seed=2).digest
    other_heads = random_network(n_heads=4, d_vocab=30)
    other_heads.load_state_dict(loaded.network.state_dict())
    assert digest(other_heads) != loaded.digest, "the same weights cut into other heads"
    changed = {name: t.clone() for name, t in loaded.network.state_dict().items()}
    changed["decoder.0.cross_attention.in_proj.bias"][3] += 1e-3
    write_weights(changed, folder / WEIGHTS)
    assert headlight.load(folder).digest != loaded.digest
    assert headlight.load(folder).run(TEXT).digest == headlight.load(folder).digest


def test_other_weights_for_the_same_model(original: Model, folder: Path, tmp_path: Path) -> None:
    other = random_model(seed=3)
    write_weights(other.network.state_dict(), tmp_path / "snapshots" / "000100.safetensors")
    found = read_folder(folder, tmp_path / "snapshots" / "000100.safetensors")
    expected = other.network.embedding.weight.half().float()
    assert torch.equal(found.network.embedding.weight, expected)


def test_weights_of_no_known_task_run(folder: Path) -> None:
    values = json.loads((folder / CONFIG).read_text())
    (folder / CONFIG).write_text(json.dumps({**values, "task": "mine"}))
    loaded = headlight.load(folder)
    assert (loaded.slug, loaded.task) == ("mine", None)
    assert loaded.run(TEXT).model == "mine"
    with pytest.raises(ValueError, match="There is no text to read"):
        loaded.run("  ")


@pytest.mark.parametrize("name", [None, 7, ["reverse"], b"reverse"])
def test_what_is_no_name_says_which_there_are(name: Any) -> None:
    with pytest.raises(CheckpointError, match=r"There is no model .* path of a checkpoint folder"):
        headlight.load(name)


def test_weights_so_large_that_nothing_can_be_computed_are_refused(folder: Path) -> None:
    stored = {name: tensor.float() for name, tensor in load_file(folder / WEIGHTS).items()}
    stored["decoder.0.cross_attention.out_proj.weight"] *= 1e37
    assert all(bool(tensor.isfinite().all()) for tensor in stored.values())
    save_file(stored, folder / WEIGHTS)
    assert "numbers grow too large to be computed with" in refused(folder, WEIGHTS)


def test_an_unknown_name_says_which_there_are() -> None:
    for name in ("chess", "../reverse", "", "🎉"):
        with pytest.raises(CheckpointError) as error:
            headlight.load(name)
        assert f"no model “{name}”. There are: {', '.join(headlight.available())}" in str(
            error.value
        )
    with pytest.raises(CheckpointError, match=f"no model “{'a' * 100}”"):
        headlight.load("a" * 5_000)


@pytest.mark.parametrize("file", [CONFIG, TOKENIZER, WEIGHTS])
def test_a_missing_file_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    assert "is missing" in refused(folder, file)


@pytest.mark.parametrize("file", [CONFIG, TOKENIZER, WEIGHTS])
@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.9, 0.99])
def test_a_truncated_file_is_named(folder: Path, file: str, share: float) -> None:
    content = (folder / file).read_bytes()
    (folder / file).write_bytes(content[: int(len(content) * share)])
    assert len(refused(folder, file)) < 600


@pytest.mark.parametrize("file", [CONFIG, TOKENIZER, WEIGHTS])
@pytest.mark.parametrize(
    "content",
    [b"\x00" * 500, b"\xff\xfe" * 300, b"PK\x03\x04" + b"a" * 99, b"[]", b"null", b"<html></html>"],
)
def test_a_foreign_file_is_named(folder: Path, file: str, content: bytes) -> None:
    (folder / file).write_bytes(content)
    refused(folder, file)


@pytest.mark.parametrize("file", [CONFIG, TOKENIZER, WEIGHTS])
def test_a_folder_in_a_files_place_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    (folder / file).mkdir()
    refused(folder, file)


def test_no_pickle_is_read(folder: Path, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    torch.save({"embedding.weight": Trap(mark)}, folder / WEIGHTS)
    assert "is damaged or not a safetensors file" in refused(folder, WEIGHTS)
    assert not mark.exists()
    torch.load((folder / WEIGHTS).rename(tmp_path / "model.pt"), weights_only=False)
    assert mark.exists(), "the trap itself works"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"task": None}, "task must be a name, not None"),
        ({"task": 7}, "task must be a name, not 7"),
        ({"model": {}}, "names missing"),
        ({"model": None}, "is not a Headlight configuration"),
        ({"model": {"layers": 3}}, "unknown names"),
        ({"model": [1]}, "is not a Headlight configuration"),
    ],
)
def test_foreign_configurations_are_refused(
    folder: Path, change: dict[str, Any], said: str
) -> None:
    values = json.loads((folder / CONFIG).read_text())
    (folder / CONFIG).write_text(json.dumps({**values, **change}))
    assert said in refused(folder, CONFIG)


def test_a_configuration_nested_without_end_is_refused(folder: Path) -> None:
    (folder / CONFIG).write_text("[" * 100_000)
    assert "is not a Headlight configuration" in refused(folder, CONFIG)


@pytest.mark.parametrize(
    "ids", [{"pad_id": 4}, {"eos_id": 5}, {"bos_id": 0, "pad_id": 1}], ids=lambda ids: str(ids)
)
def test_control_tokens_that_are_not_the_vocabularys_are_refused(
    folder: Path, ids: dict[str, int]
) -> None:
    values = json.loads((folder / CONFIG).read_text())
    values["model"] |= ids
    (folder / CONFIG).write_text(json.dumps(values))
    assert "but in tokenizer.json they are 0 to 3" in refused(folder, CONFIG)


def test_a_configuration_that_no_model_can_have_is_refused(folder: Path) -> None:
    values = json.loads((folder / CONFIG).read_text())
    values["model"]["n_heads"] = 3
    (folder / CONFIG).write_text(json.dumps(values))
    assert "must be a multiple of n_heads (3)" in refused(folder, CONFIG)
    del values["task"]
    (folder / CONFIG).write_text(json.dumps(values))
    refused(folder, CONFIG)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("d_ff", 25, "feed_forward.down.weight is [16, 24], but config.json makes it [16, 25]"),
        ("d_model", 32, "norm.bias is [16], but config.json makes it [32]"),
        ("n_decoder_layers", 3, "does not have decoder.2."),
        ("n_encoder_layers", 2, "has encoder.2."),
        ("norm_first", False, "has decoder_norm.bias, which config.json has no place for"),
    ],
)
def test_weights_of_another_shape_are_refused(
    folder: Path, name: str, value: Any, said: str
) -> None:
    values = json.loads((folder / CONFIG).read_text())
    values["model"][name] = value
    (folder / CONFIG).write_text(json.dumps(values))
    assert said in refused(folder, WEIGHTS)


def test_a_vocabulary_of_another_size_is_refused(folder: Path) -> None:
    random_model("sort").tokenizer.save(folder / TOKENIZER)
    said = refused(folder, TOKENIZER)
    assert "has 104 pieces, but config.json says d_vocab is 30" in said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"a": 1_000}, "the ids must be 0 to 29, each of them once"),
        ({"a": 5}, "the ids must be 0 to 29, each of them once"),
        ({"unk_token": "[UNK]"}, "must read what it does not know as <unk>"),
    ],
)
def test_a_vocabulary_with_holes_is_refused(
    folder: Path, change: dict[str, Any], said: str
) -> None:
    state = json.loads((folder / TOKENIZER).read_text())
    place = state["model"] if "unk_token" in change else state["model"]["vocab"]
    place |= change
    (folder / TOKENIZER).write_text(json.dumps(state))
    assert said in refused(folder, TOKENIZER)


def _without(weights: dict[str, torch.Tensor]) -> None:
    del weights["decoder.1.cross_attention.out_proj.bias"]


def _with(weights: dict[str, torch.Tensor]) -> None:
    weights["lm_head.weight"] = torch.zeros(3)


def _bent(weights: dict[str, torch.Tensor]) -> None:
    weights["embedding.weight"] = weights["embedding.weight"].T.contiguous()


def _broken(value: float) -> Callable[[dict[str, torch.Tensor]], None]:
    def change(weights: dict[str, torch.Tensor]) -> None:
        weights["encoder.0.around_self.norm.weight"][2] = value

    return change


def _stored_as(dtype: torch.dtype) -> Callable[[dict[str, torch.Tensor]], None]:
    def change(weights: dict[str, torch.Tensor]) -> None:
        weights["embedding.weight"] = weights["embedding.weight"].to(dtype)

    return change


def _too_large(weights: dict[str, torch.Tensor]) -> None:
    weights["embedding.weight"] = weights["embedding.weight"].double() * 1e300


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_without, "does not have decoder.1.cross_attention.out_proj.bias"),
        (_with, "has lm_head.weight, which config.json has no place for"),
        (_bent, "embedding.weight is [16, 30], but config.json makes it [30, 16]"),
        (_broken(float("nan")), "encoder.0.around_self.norm.weight holds numbers that are not fin"),
        (_broken(float("inf")), "encoder.0.around_self.norm.weight holds numbers that are not fin"),
        (_too_large, "embedding.weight holds numbers that are not finite in float32"),
        (_stored_as(torch.int8), "embedding.weight is stored as torch.int8, not as floating-point"),
        (_stored_as(torch.bool), "embedding.weight is stored as torch.bool, not as floating-point"),
        (_stored_as(torch.complex64), "embedding.weight is stored as torch.complex64"),
    ],
)
def test_weights_that_do_not_fit_are_refused(
    folder: Path, change: Callable[[dict[str, torch.Tensor]], None], said: str
) -> None:
    weights = load_file(folder / WEIGHTS)
    change(weights)
    save_file(weights, folder / WEIGHTS)
    assert said in refused(folder, WEIGHTS)
