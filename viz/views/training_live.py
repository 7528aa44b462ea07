"""A small model that is trained while one looks."""

from __future__ import annotations

from viz.views.bench import Bench


def render(bench: Bench) -> None:
    """Settings, curves and heads of a live training."""
