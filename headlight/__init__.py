"""Headlight: attention in encoder-decoder transformers, live.

import headlight
trace = headlight.load("reverse").run("a b c")
trace.output_text                          # 'c b a'
trace.attention["cross"][0].pattern        # float32 [head, query_pos, key_pos]

The command `headlight` (or `python -m headlight`) starts the app.

In a clone `model`, `viz`, `assets` and `app.py` in here are links to what stands beside this
folder; a wheel holds them as files. So `headlight.model` is one name for one thing in both.
"""

from importlib import import_module
from pathlib import Path
from typing import Any

if not (Path(__file__).parent / "model").is_dir():  # a clone without links, as on Windows
    __path__.append(str(Path(__file__).parents[1]))

from headlight import model
from headlight.model import *  # noqa: F403

__all__ = ["analysis", "html"]  # noqa: F405
__all__ += model.__all__


def __getattr__(name: str) -> Any:
    """`headlight.html` and `.analysis`, read when first used: a run needs neither of them."""
    if name == "html":
        from headlight.viz.components.lens import html

        return html
    if name == "analysis":
        return import_module("headlight.analysis")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
