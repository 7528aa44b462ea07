"""What Python declares and the browser reads: `python -m headlight.viz.selection.export` writes it.

The tests say when the files are stale.
"""

from __future__ import annotations

import json
from pathlib import Path

from headlight.model.paths import HOME
from headlight.model.training.history import FULL

from .table import PARAMETERS

WEB = HOME / "viz" / "web"


def files() -> dict[Path, str]:
    """The files and what is to stand in them.

    The writer of the address needs all names in their order; the lens its own rows; whoever unpacks
    attention weights, what a weight of 1 is stored as.
    """
    writer = {
        "names": [row.name for row in PARAMETERS],
        "continuous": [row.name for row in PARAMETERS if row.continuous],
    }
    lens = {
        row.lens: {"name": row.name, "default": row.default, "options": row.options}
        for row in PARAMETERS
        if row.lens
    }
    return {
        WEB / "selection" / "parameters.json": _json(writer),
        WEB / "shared" / "heads" / "parameters.json": _json(lens),
        WEB / "shared" / "weights.json": _json({"full": FULL}),
    }


def _json(value: object) -> str:
    return json.dumps(value, indent=1) + "\n"


def main() -> None:
    """Write them."""
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
