"""A checkpoint folder <-> a model: `model.safetensors` (fp16), `config.json`, `tokenizer.json`.

No pickle is ever read. Whatever is wrong with a folder is said with the file's name.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from safetensors.torch import save as to_bytes
from torch import Tensor

from .. import files
from ..decoding import NotFinite
from ..native import native
from ..network.config import ModelConfig
from ..network.transformer import Transformer
from ..paths import ASSETS
from ..run.runner import Model
from ..run.tokenizer import Tokenizer
from ..tasks import TASKS, Task
from .errors import CheckpointError
from .hub.folder import is_hub_folder, read_hub_folder

CHECKPOINTS = ASSETS / "checkpoints"
FEW = 20_000_000
"""Numbers for which there is room on every machine."""
WEIGHTS, CONFIG, TOKENIZER = "model.safetensors", "config.json", "tokenizer.json"


def available() -> tuple[str, ...]:
    """The names of the shipped models, the default one first."""
    order = [task.slug for task in TASKS]
    there = sorted(os.listdir(CHECKPOINTS)) if CHECKPOINTS.is_dir() else ()
    found = [name for name in there if os.path.isfile(CHECKPOINTS / name / CONFIG)]
    return tuple(sorted(found, key=lambda slug: [*order, slug].index(slug)))


def load(name: str | Path) -> Model:
    """A model by its name, or from a checkpoint folder.

    Raises:
        CheckpointError: (a `ValueError`) no such model, or something is wrong with one of its
            files.
    """
    if isinstance(name, str) and name in available():
        folder = CHECKPOINTS / name
    else:
        # `isdir` is also False for a name that is too long
        if not name or not isinstance(name, str | os.PathLike) or not os.path.isdir(name):
            raise CheckpointError(
                f"There is no model “{str(name)[:100]}”. There are: {', '.join(available())}; or "
                "give the path of a checkpoint folder."
            )
        folder = Path(name)
    return read_folder(folder)


def read_folder(folder: Path, weights: Path | None = None) -> Model:
    """The model in a folder, optionally with other weights for it, such as a snapshot.

    Raises:
        CheckpointError: something is wrong with one of the files, or the model's numbers do not
            stay finite; says which.
    """
    try:
        with native():
            return _read_folder(folder, weights)
    except CheckpointError:
        raise
    except OSError as error:
        raise CheckpointError(f"{folder} cannot be read: {files.in_words(error)}.") from error
    except Exception as error:  # a value that nobody thought of
        raise CheckpointError(f"{folder} does not hold a model that fits: {error!r}") from error


def _read_folder(folder: Path, weights: Path | None) -> Model:
    if is_hub_folder(folder):
        return read_hub_folder(folder)
    for file in (CONFIG, TOKENIZER, WEIGHTS):
        if not (folder / file).is_file():
            raise CheckpointError(f"{folder / file} is missing.")
    slug, config = _read_config(folder / CONFIG)
    try:
        tokenizer = Tokenizer.from_file(folder / TOKENIZER)
    except ValueError as error:
        raise CheckpointError(str(error)) from error
    if len(tokenizer) != config.d_vocab:
        raise CheckpointError(
            f"{folder / TOKENIZER} has {len(tokenizer):,} pieces, but {CONFIG} says d_vocab is "
            f"{config.d_vocab:,}."
        )
    control = (config.pad_id, config.bos_id, config.eos_id, config.unk_id)
    if control != tuple(range(4)):
        raise CheckpointError(
            f"{folder / CONFIG} gives pad, bos, eos and unk the ids {control}, but in {TOKENIZER} "
            "they are 0 to 3."
        )
    _check_size(weights or folder / WEIGHTS, config)
    network = Transformer(config)
    network.load_state_dict(read_weights(weights or folder / WEIGHTS, network.state_dict()))
    model = Model(slug, network, tokenizer, _task(slug))
    ids = torch.tensor([[config.bos_id, config.eos_id]])
    with torch.inference_mode():
        if not bool(network(_something(config), ids).isfinite().all()):
            raise CheckpointError(f"{weights or folder / WEIGHTS} cannot be used. {NotFinite()}")
    return model


def _check_size(file: Path, config: ModelConfig) -> None:
    """Refuse a configuration of more numbers than the file holds, before room is made for them."""
    try:
        size = file.stat().st_size
    except OSError as error:
        raise CheckpointError(f"{file} cannot be read: {error.strerror}.") from error
    if config.n_weights > max(size, FEW):  # no number takes less than a byte
        raise CheckpointError(
            f"{file} has {size:,} bytes, too few for the {config.n_weights:,} numbers "
            f"that {CONFIG} asks for."
        )


def _something(config: ModelConfig) -> Tensor:
    """A short source, to see whether a model's numbers stay finite."""
    front = config.front
    if front is None or front.source == "text":
        return torch.tensor([[config.bos_id, config.eos_id]])
    return torch.ones(1, front.height, front.columns)


def read_weights(file: Path, expected: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Weights as float32, checked against the names and shapes that the model expects.

    Raises:
        CheckpointError: the file is missing, damaged or foreign, or a weight is missing, of another
            shape, not floating-point or not finite.
    """
    try:
        found = load_file(file)
    except (SafetensorError, OSError, ValueError) as error:
        raise CheckpointError(f"{file} is damaged or not a safetensors file: {error}") from error
    if missing := sorted(set(expected) - set(found)):
        raise CheckpointError(f"{file} does not have {missing[0]}, which {CONFIG} asks for.")
    if foreign := sorted(set(found) - set(expected)):
        raise CheckpointError(f"{file} has {foreign[0]}, which {CONFIG} has no place for.")
    weights = {}
    for name, tensor in found.items():
        if tensor.shape != expected[name].shape:
            raise CheckpointError(
                f"{file}: {name} is {list(tensor.shape)}, but {CONFIG} makes it "
                f"{list(expected[name].shape)}."
            )
        if not tensor.is_floating_point():
            raise CheckpointError(
                f"{file}: {name} is stored as {tensor.dtype}, not as floating-point numbers."
            )
        weights[name] = tensor.float()
        if not bool(torch.isfinite(weights[name]).all()):
            raise CheckpointError(f"{file}: {name} holds numbers that are not finite in float32.")
    return weights


def save(model: Model, folder: str | Path) -> None:
    """Write the three files that `load` reads.

    Raises:
        ValueError: a model trained without positions: loaded again it would have them; or a place
            where no folder can be made.
    """
    if not bool(model.network.positions.any()):
        raise ValueError("A model without positions cannot be kept as a checkpoint.")
    if not isinstance(folder, str | Path):
        raise ValueError(f"The path of a folder is taken, not {folder!r}.")
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        said = files.in_words(error)
        raise ValueError(f"No folder can be made at {folder}: {said}.") from error
    values = {"task": model.slug, "model": model.config.to_dict()}
    write_weights(model.network.state_dict(), folder / WEIGHTS)
    with files.whole(folder / TOKENIZER) as opened:
        model.tokenizer.save(opened.name)
    with files.whole(folder / CONFIG) as opened:
        opened.write((json.dumps(values, indent=2) + "\n").encode())


def write_weights(weights: Mapping[str, Tensor], file: Path) -> None:
    """Weights as fp16 safetensors; an old file stays until the new one is whole.

    Raises:
        ValueError: it cannot be written; says why.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    half = {name: tensor.detach().half().contiguous() for name, tensor in weights.items()}
    with files.whole(file) as opened:
        opened.write(to_bytes(half))


def _read_config(file: Path) -> tuple[str, ModelConfig]:
    try:
        values: Any = json.loads(file.read_text(encoding="utf-8"))
        slug, config = values["task"], ModelConfig.from_dict(values["model"])
        if not isinstance(slug, str):
            raise ValueError(f"task must be a name, not {slug!r}")
    except (OSError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise CheckpointError(f"{file} is not a Headlight configuration: {error}") from error
    return slug, config


def _task(slug: str) -> Task | None:
    return next((task for task in TASKS if task.slug == slug), None)
