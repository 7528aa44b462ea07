"""Where the project's files stand: beside `model/` in a clone, in `headlight/` when installed."""

from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
ASSETS = HOME / "assets"
