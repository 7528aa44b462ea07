"""Heads at work: what each head does, and what the model loses without it."""

from __future__ import annotations

from ...page.choice import choose
from ...page.context import RunContext
from . import ablation, attribution, head_map, pruning, search

TITLE, ICON, PATH = "Heads at work", ":material/grid_view:", "heads"

SECTIONS = {
    "map": ("Map of heads", head_map),
    "lab": ("Ablation lab", ablation),
    "pruning": ("Pruning", pruning),
    "sources": ("Output to source", attribution),
    "search": ("Head search", search),
}


def render(context: RunContext) -> None:
    """The section that was chosen; the others are not computed."""
    titles = {name: title for name, (title, _) in SECTIONS.items()}
    SECTIONS[choose("part", "Section", titles)][1].render(context)
