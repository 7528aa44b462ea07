"""Put a patch that was found into the list of edits, where other pages and links have it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from headlight.model import Edits, Model
from headlight.model.analysis.interventions import path, recipes
from headlight.model.analysis.interventions.comparison import Comparison
from headlight.model.analysis.interventions.patching import Cell, brought, head_of
from headlight.model.run.edits import Head

from ... import runtime, selection
from ...labels import worded
from ...page import edit_list
from ...page.context import RunContext
from .pairing import HAND, usual
from .second import NOISE, Made, Second


def edits(model: Model, compared: Comparison, cell: Cell, sender: Head | None) -> Edits:
    """What a cell puts into the run that is patched, on top of its own edits."""
    return compared.into.edits.under(_brought(model, compared, cell, sender))


def _brought(model: Model, compared: Comparison, cell: Cell, sender: Head | None) -> Edits:
    if sender is None:
        return brought(compared, cell)
    return path.path_edits(model, compared, sender, head_of(cell))


def button(
    context: RunContext, compared: Comparison, cell: Cell, sender: Head | None, second: Second
) -> None:
    """Keep the patch: by where its values come from, which fits into any link."""
    turned = selection.current()["way_of_patch"] == "from"
    noisy = second.made.kind == NOISE
    st.button(
        "Keep this patch in the list of edits",
        icon=":material/playlist_add:",
        help="It then holds on the other pages too, travels with a link, and can be undone."
        + (
            worded(" The two sentences change places.", context.model.reads)
            if turned and not noisy
            else ""
        ),
        on_click=_keep,
        args=(
            context,
            runtime.compared_again(context.model, compared),
            cell,
            sender,
            second.made,
            turned,
        ),
    )


def _keep(
    context: RunContext,
    again: Callable[[], Comparison],
    cell: Cell,
    sender: Head | None,
    second: Made,
    turned: bool,
) -> None:
    compared = again()
    way = selection.current().chosen("align") or usual(compared.into)
    begins = cell.where if sender is None else sender[0]
    same = second.kind != NOISE and second.forced and not (turned or begins.startswith("encoder"))
    if way == HAND or turned or second.kind == NOISE:  # these very positions
        way = recipes.pairing_of(compared.src_pairs, compared.tgt_pairs)
    if same:
        way = recipes.with_same_tokens(way)
    plain = not compared.source.edits
    if second.kind == NOISE and not (turned and plain):
        # An edited run cannot be named in a link: its numbers are.
        found = _brought(context.model, compared, cell, sender)
        edit_list.take(recipes.split(found.to_text()))
        return
    text = context.text if turned else second.text
    step: recipes.Step = (
        recipes.Swap(cell, way, text)
        if sender is None
        else recipes.Path(sender, head_of(cell), way, text)
    )
    if second.kind == NOISE:
        noise = recipes.Noise(second.positions, second.scale, second.seed)
        edit_list.take([noise.to_text(), step.to_text()])
    elif turned:
        selection.update(
            text=second.text, compare=context.text, way_of_patch=None, edits=step.to_text()
        )
    else:
        edit_list.add(step.to_text())
