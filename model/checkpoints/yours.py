"""Checkpoints of whoever starts the server: folders named in `HEADLIGHT_MODELS`.

The variable is read here and nowhere else. Pages know these models by the names of their folders,
so that nobody who visits the app can make it read another path.
"""

from __future__ import annotations

import os
from pathlib import Path

from ..run.runner import Model
from .errors import CheckpointError
from .folder import CONFIG, available, read_folder

VARIABLE = "HEADLIGHT_MODELS"


def yours() -> dict[str, Path]:
    """The folders by the name that each goes by, in the order in which they were given.

    A path is a checkpoint's folder, or one that holds such folders. Names that are taken already
    get a number.
    """
    found: dict[str, Path] = {}
    for part in os.environ.get(VARIABLE, "").split(os.pathsep):
        for folder in _checkpoints(Path(part)) if part.strip() else ():
            if folder not in found.values():
                found[_free(folder.name, {*found, *available()})] = folder
    return found


def load_yours(name: str) -> Model:
    """The model of one of these names.

    Raises:
        CheckpointError: there is none of that name, or something is wrong with its files.
    """
    folders = yours()
    if name not in folders:
        raise CheckpointError(f"There is no model “{name[:100]}” among those of this server.")
    try:
        model = read_folder(folders[name])
    except CheckpointError as error:  # visitors need not know where the server keeps its files
        raise CheckpointError(str(error).replace(f"{folders[name]}", name)) from None
    model.slug = name
    return model


def _checkpoints(path: Path) -> list[Path]:
    path = path.expanduser().resolve()
    if (path / CONFIG).is_file():
        return [path]
    if not path.is_dir():
        return []
    return sorted(one for one in path.iterdir() if (one / CONFIG).is_file())


def _free(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    return next(free for n in range(2, 1_000) if (free := f"{name} ({n})") not in taken)
