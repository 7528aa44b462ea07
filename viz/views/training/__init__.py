"""Training: how a shipped model learned, step by step, and a small one that learns right now."""

from __future__ import annotations

from ... import runtime, selection
from ...page.choice import choose
from ...page.context import RunContext
from ...page.present import stage
from . import live, recorded

TITLE, ICON, PATH = "Training", ":material/model_training:", "training"

PARTS = {"recorded": "A finished training, step by step", "live": "Train a small one now"}


def render(context: RunContext) -> None:
    """One of the two parts; the address says which."""
    usual = "live" if runtime.training_seat().training else "recorded"
    if usual == "live" and selection.current().chosen("training") is None:
        selection.settle(training=usual)  # it stays when the training has ended
    if choose("training", "Which training", PARTS, usual) == "live":
        live.render(context)
    else:
        with stage():
            recorded.render(context)
