"""The models of a server, each read once for all sessions."""

from __future__ import annotations

import os
import threading

import headlight
from headlight.model import CheckpointError, Model
from headlight.model.checkpoints import folder
from headlight.model.checkpoints.yours import load_yours


class LoadedModels:
    """Those that have been read so far. Safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._models: dict[str, Model] = {}

    def __contains__(self, slug: str) -> bool:
        return slug in self._models

    def get(self, slug: str) -> Model:
        """A shipped model, or one of the server's own.

        Raises:
            CheckpointError: something is wrong with its files; says nothing of where they are.
        """
        with self._lock:
            if slug not in self._models:
                known = slug in headlight.available()
                self._models[slug] = _shipped(slug) if known else load_yours(slug)
            return self._models[slug]


def _shipped(slug: str) -> Model:
    try:
        return headlight.load(slug)
    except CheckpointError as error:
        raise CheckpointError(str(error).replace(f"{folder.CHECKPOINTS}{os.sep}", "")) from None
