"""The small files of a folder: each is one JSON object."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..errors import CheckpointError


def read_object(file: Path) -> dict[str, Any]:
    """What a file says.

    Raises:
        CheckpointError: it is missing, damaged, or something else.
    """
    try:
        found: Any = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise CheckpointError(f"{file} cannot be read: {error}") from error
    if not isinstance(found, dict):
        raise CheckpointError(f"{file} is not a JSON object.")
    return found
