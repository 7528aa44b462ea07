"""What the browser is told about the look: colours from the places that hold them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from headlight.model.paths import HOME

from .. import theme

CONFIG = HOME / ".streamlit" / "config.toml"


def palette(more: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What ramps are made of: colours of the kinds and of `more` by name, less and more, tint."""
    return {
        "kinds": {**theme.KIND_COLOURS, **(more or {})},
        "diverging": list(theme.DIVERGING),
        "tint": theme.TINT,
    }


def page_variables() -> str:
    """The `--st-*` variables for a page without Streamlit: the app's own theme, light and dark."""
    themes = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"]
    both, light, dark = themes, themes["light"], themes["dark"]
    always = _rule({"font": f"{both['font']}, system-ui, sans-serif"} | _colours(light))
    return f"{always}\n@media (prefers-color-scheme: dark) {{ {_rule(_colours(dark))} }}"


def _colours(values: dict[str, Any]) -> dict[str, str]:
    """`backgroundColor` → `background-color`, as Streamlit names its variables."""
    return {
        re.sub("[A-Z]", lambda capital: f"-{capital[0].lower()}", name): value
        for name, value in values.items()
        if name.endswith("Color")
    }


def _rule(values: dict[str, str]) -> str:
    declared = " ".join(f"--st-{name}: {value};" for name, value in values.items())
    return f":root {{ {declared} }}"
