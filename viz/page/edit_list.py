"""The edits in force: one list for every page, in the address, undone step by step."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from headlight.model import Edits, Trace
from headlight.model.analysis.interventions import recipes
from headlight.model.run.edits.words import places

from .. import runtime, selection
from ..labels import row_names, token_names
from ..markdown import plain
from .context import RunContext
from .present import presenting

MAX_CHARACTERS = 6000
"""Characters of edits that a link can carry through every server and chat."""
MAX_STEPS = 200
"""Steps of a list."""
SHOWN = 8
"""Steps that stand beside each other; those before them are folded."""


def steps() -> list[str]:
    """The list as it is selected."""
    return recipes.split(selection.current()["edits"])


def in_force(context: RunContext) -> Edits:
    """The list in numbers.

    A step that this model can never make is taken out, and one that this text cannot take is left
    out; both are told of.
    """
    items = _readable(context)
    maker, edits = runtime.maker(context.model, context.text), Edits()
    for item in items:
        try:
            both = edits | recipes.read(item).edits(maker, edits)
            both.check(context.model.config, len(context.trace.src))
        except ValueError as error:
            st.warning(f"Left out: {plain(_said(item))}. {plain(str(error))}")
        else:
            edits = both
    return edits


def edited(context: RunContext) -> Trace | None:
    """The run of the text under the list, which is shown; None without edits.

    So it is where the model cannot run under them, which is told of.
    """
    edits, after = in_force(context), None
    if edits:
        try:
            after = runtime.run(context.model, context.text, edits=edits)
        except ValueError as error:
            st.warning(plain(str(error)))
    show(context.trace if after is None else after)
    return after


def _readable(context: RunContext) -> list[str]:
    """The steps that can be read and that this model has places for; the others go."""
    said = selection.current()["edits"]
    kept, wrong = [], ""
    if len(said) > MAX_CHARACTERS:
        wrong = f"a list of up to {MAX_CHARACTERS:,} characters"
    else:
        for item in recipes.split(said)[:MAX_STEPS]:
            try:
                step = recipes.read(item)
                if isinstance(step, recipes.Plain):
                    step.value.check(context.model.config)
                kept.append(item)
            except ValueError as error:
                wrong = f"edits that this model can make: {error}"
    if wrong:
        if not selection.from_link("edits"):
            st.toast(plain(f"Left out: {wrong}"), icon=":material/block:")
        else:
            selection.ignore("edits", said if len(said) < 200 else f"{said[:199]}…", wrong)
        selection.settle(edits=recipes.SEPARATOR.join(kept) or None)
    selection.from_link("edits")  # it has been looked at
    return kept


def add(item: str | Edits) -> None:
    """One more step; what contradicts the list, or is in it already, is told of and left out."""
    take([item.to_text() if isinstance(item, Edits) else item])


def take(items: Sequence[str]) -> None:
    """What a person did by one act: a row set by hand again takes the place of the one before."""
    before = steps()
    rows = {_row(item) for item in items} - {None}
    kept = [one for one in before if _row(one) not in rows]
    new = [item for item in dict.fromkeys(items) if item not in kept]
    text = recipes.SEPARATOR.join([*kept, *new])
    if not new:
        st.toast("This edit is in the list already.")
    elif len(text) > MAX_CHARACTERS or len(kept) + len(new) > MAX_STEPS:
        st.toast(
            f"That would make {len(kept) + len(new)} edits with {len(text):,} characters; a link "
            f"carries up to {MAX_STEPS} with {MAX_CHARACTERS:,}. Undo some, or use Edits in Python."
        )
    elif (why := _contradiction([*kept, *new])) is not None:
        st.toast(plain(why), icon=":material/block:")
    else:
        selection.update(edits=text)


def replace(gone: Sequence[str], new: Sequence[str] = ()) -> None:
    """Take steps out and put others in, as one act."""
    kept = [one for one in steps() if one not in gone]
    items = [*kept, *(one for one in new if one not in kept)]
    if (why := _contradiction(items)) is not None:
        st.toast(plain(why), icon=":material/block:")
    else:
        selection.update(edits=recipes.SEPARATOR.join(items))


def undo() -> None:
    """Take the last step back."""
    replace(steps()[-1:])


def clear() -> None:
    """Take all steps back."""
    replace(steps())


def show(trace: Trace) -> None:
    """The steps as buttons that take them out, and what is to be known of them in this run."""
    items = steps()
    if not items:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="edit-list"):
        st.markdown(":small[:gray[Edits]]", width="content")
        first = max(0, len(items) - SHOWN)
        if first:
            with st.popover(f"{first} before", type="tertiary"):
                _buttons(trace, items, range(first))
        _buttons(trace, items, range(first, len(items)))
        st.button("Undo", icon=":material/undo:", type="tertiary", on_click=undo, shortcut="u")
        st.button("Undo all", type="tertiary", on_click=clear)
    _say_positions(items)
    for sentence in [*trace.edits.idle(len(trace.src), len(trace.tgt_in)), *_idle(trace, items)]:
        st.caption(f":material/info: {plain(sentence)}")


def _idle(trace: Trace, items: Sequence[str]) -> list[str]:
    """A sentence for each patch at a position that this run does not have."""
    found = []
    for item in items:
        if isinstance(recipes.read(item), recipes.Swap):
            for _, kind, at in _places(item):
                if at >= (n := len(trace.queries(kind))):
                    found.append(f"“{_said(item)}” changes nothing: there are {n} positions here.")
    return found


def _buttons(trace: Trace, items: Sequence[str], shown: range) -> None:
    for i in shown:
        st.button(
            plain(_said(items[i])),
            key=f"edit-{i}",
            icon=":material/close:",
            help=f"Undo this edit. {_stands_for(trace, items[i])}",
            on_click=replace,
            args=([items[i]],),
        )


def _say_positions(items: Sequence[str]) -> None:
    """What becomes of edits by position in a text of another length."""
    if any(_places(item) for item in items) and not presenting():
        st.caption(
            "Edits go by position, not by what stands there: with another input they act on "
            "whatever that is. Point at an edit to see it."
        )


def _stands_for(trace: Trace, item: str) -> str:
    """Which tokens the numbers of a step name in this run."""
    said = []
    for what, kind, at in _places(item):
        names = row_names(trace, kind) if what == "row" else token_names(trace.keys(kind))
        if at < len(names):
            said.append(f"{what} {at} is “{plain(names[at])}”")
    return f"Here {', '.join(said)}." if said else ""


def _places(item: str) -> list[tuple[str, str, int]]:
    """("row" or "column", kind, number) of the positions that a step names."""
    match recipes.read(item):
        case recipes.Plain(value):
            return places(value)
        case recipes.Noise(positions):
            return [("row", "encoder_self", at) for at in positions]
        case recipes.Swap(cell):
            kind = "encoder_self" if cell.where.startswith("encoder") else "decoder_self"
            return [] if cell.position is None else [("row", kind, cell.position)]
        case recipes.Toward(stack, _, position):
            return [] if position is None else [("row", f"{stack}_self", position)]
    return []


def _said(item: str) -> str:
    try:
        step = recipes.read(item)
    except ValueError as error:
        return str(error)
    said = str(step)
    for text in (getattr(step, "text", ""), getattr(step, "said", "")):
        if noun := runtime.unnamed(text):
            said = said.replace(f"“{recipes.short(text)}”", f"another {noun}")
    return said


def _row(item: str) -> str | None:
    """The row that a step sets by hand, None for another step."""
    return item.partition(":")[0] if item.startswith("set.") else None


def _contradiction(items: Sequence[str]) -> str | None:
    """Why these steps cannot be together, as far as their texts tell."""
    try:
        read = [recipes.read(item) for item in items]
        Edits.from_text(
            recipes.SEPARATOR.join(one.to_text() for one in read if isinstance(one, recipes.Plain))
        )
    except ValueError as error:
        return str(error)
    return None
