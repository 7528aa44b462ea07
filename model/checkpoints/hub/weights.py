"""The tensors of a folder as the hub lays it out, under their own names.

No pickle is ever run: `pytorch_model.bin` is read by `torch.load(weights_only=True)`, which builds
tensors and nothing else. That is safe from torch 2.6 on (CVE-2025-32434); we ask for a later one.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from torch import Tensor

from ..errors import CheckpointError

SAFE, PICKLED = "model.safetensors", "pytorch_model.bin"
SAFE_SUFFIX = ".safetensors"


def read_tensors(folder: Path, alone: Callable[[str], bool]) -> dict[str, Tensor]:
    """All floating-point tensors of the folder's weights, whole or in parts.

    They stay in the file, mapped, until somebody reads them.

    Args:
        alone: which tensors, by name, will be copied: each gets a mapping of its own, which goes
            with it, so that it is not held twice.

    Raises:
        CheckpointError: no weights, or a file that is missing, damaged or no such file.
    """
    found: dict[str, Tensor] = {}
    for file in _files(folder):
        kept, mapped = _read(file), file.suffix == SAFE_SUFFIX
        for name, tensor in kept.items():
            if not isinstance(tensor, Tensor):
                raise CheckpointError(f"{file}: {name} is not a tensor.")
            if not tensor.is_floating_point():
                continue  # counters and position ids, which old folders keep
            one = _mapped_alone(file, name) if mapped and alone(name) else tensor
            in_8_bits = one.element_size() == 1  # torch does little with these
            found[name] = one.float() if in_8_bits else one
    return found


def _mapped_alone(file: Path, name: str) -> Tensor:
    with safe_open(file, "pt") as opened:
        tensor: Tensor = opened.get_tensor(name)
        return tensor


def _files(folder: Path) -> Iterator[Path]:
    for name in (SAFE, PICKLED):
        index = folder / f"{name}.index.json"
        if index.is_file():
            yield from (folder / part for part in _parts(index))
            return
        if (folder / name).is_file():
            yield folder / name
            return
    raise CheckpointError(f"{folder} has no weights: neither {SAFE} nor {PICKLED} is there.")


def _parts(index: Path) -> list[str]:
    """The files that large weights were split into, as their index names them."""
    try:
        values: Any = json.loads(index.read_text(encoding="utf-8"))
        names = sorted(set(values["weight_map"].values()))
    except (OSError, KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise CheckpointError(f"{index} is not an index of weights: {error}") from error
    for name in names:
        if not isinstance(name, str) or Path(name).name != name:
            raise CheckpointError(
                f"{index} names {str(name)[:80]!r}, which is not a file beside it."
            )
    return names


def _read(file: Path) -> dict[str, Any]:
    if not file.is_file():
        raise CheckpointError(f"{file} is missing.")
    if file.suffix == SAFE_SUFFIX:
        try:
            return dict(load_file(file))
        except (SafetensorError, OSError, ValueError) as error:
            raise CheckpointError(
                f"{file} is damaged or not a safetensors file: {error}"
            ) from error
    try:
        read: Any = torch.load(file, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, OSError, EOFError, ValueError, KeyError) as error:
        said = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise CheckpointError(
            f"{file} is damaged, or holds more than tensors, which is never read: {said}"
        ) from error
    if not isinstance(read, dict):
        raise CheckpointError(f"{file} does not hold tensors by name.")
    return read
