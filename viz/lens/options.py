"""What Python tells the lens about its look: colours from the one place that holds them."""

from __future__ import annotations

from viz import theme


def palette() -> dict[str, object]:
    """Colours of the three kinds, and the two ends of the diverging ramp."""
    return {"kinds": dict(theme.KIND_COLOURS), "diverging": list(theme.DIVERGING)}


def page_variables() -> str:
    """The `--st-*` variables for a page without Streamlit, in light and in dark."""
    return f"{_rule(theme.LIGHT)}\n@media (prefers-color-scheme: dark) {{ {_rule(theme.DARK)} }}"


def _rule(values: dict[str, str]) -> str:
    declared = " ".join(f"--st-{name}: {value};" for name, value in values.items())
    return f":root {{ {declared} }}"
