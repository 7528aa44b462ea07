"""Every key of session state and of the address; no other file names them.

The model and the text belong to the bench (widgets bound to the address), kind, layer and head to
the lens, which keeps them in the address by itself. Pages name their own keys here as well.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

import streamlit as st

from model import Model
from model.decoding import Forks, Strategy

MODEL = "model"
TEXT = "text"
EXAMPLE = "example"
KIND, LAYER, HEAD = "kind", "layer", "head"
PRESENT = "present"
PIN, THRESHOLD = "pin", "th"
VIEW, STRATEGY, TARGET = "view", "strategy", "target"
STEP, OVER = "step", "over"
TEMPERATURE, TOP_K, TOP_P, SEED = "temperature", "top_k", "top_p", "seed"
BEAM, PENALTY, N_BEST = "beam", "penalty", "n_best"
FORCED, PATH = "forced", "path"
TREE, NODE, STRIP = "beam_tree", "beam_node", "surprise_strip"
STUDY, TAKE = "study", "take_along"
LEARN, LESSON, GAME, TURN, FORCE, REACHED = "learn", "lesson", "game", "turn", "force", "reached_at"
TRAINING, FILM = "training", "film"
FILM_STEP, FILM_VERSUS = "train_step", "train_versus"
LIVE_TASK, LIVE_LAYERS, LIVE_HEADS = "live_task", "live_layers", "live_heads"
LIVE_WIDTH, LIVE_NORM, LIVE_POSITIONS = "live_width", "live_norm", "live_positions"
SECTION, QUERY, KEY, STAGES = "section", "query", "key", "stages"
BREAK, SKIP = "break", "skip"
ROW, TOKEN, AGAINST = "row", "token", "against"
DIMENSIONS, FIND, SPAN = "dims", "find", "span"
PART = "part"
MEASURE, CORPUS, OWN_TEXT = "measure", "on", "own_text"
SILENCED_BY, OFF = "silenced_by", "off_"
WAY, WRITTEN = "way", "written"
SEEK, SEEK_KIND, SEEK_HEAD, FAR, ABOVE = "seek", "seek_kind", "seek_head", "far", "above"

Number = TypeVar("Number", int, float)

MOST_NAMED = 6
"""Choices that are named when a link asks for one that does not exist."""
MOST_TURNS = 999_999

_ARRIVED = "link_as_it_came"
_UNUSABLE = "unusable_in_link"
_GOOD = "last_good"
_FILM_OF = "film_of"
_ASKED = "asked_jobs"
_HANDED_OVER = "handed_over_text"
_OWN = "own_models"
_SAVED_RUNS = "saved_runs"
_DECODING = "decoding"
_DECODING_SHOWN = "decoding_shown"
_GOOD_STRATEGY = "good_strategy"
_TARGET_OF = "target_of"
_TAKES = "times_taken"


def link(**changes: Any) -> dict[str, str]:
    """Query parameters for `st.page_link` or `st.switch_page`: the bench, and what is given."""
    bench = {name: st.session_state.get(name) for name in (MODEL, TEXT)}
    return {k: str(v) for k, v in {**bench, **changes}.items() if v is not None}


def asked(name: str) -> str | None:
    """What the address says, before a widget has replaced a value that it does not have."""
    return st.query_params.get(name)


@dataclass(frozen=True)
class Unusable:
    """A part of a link that cannot be used.

    Attributes:
        page: the address of the page that wanted it, without the options.
        name, said: `name=said` is the part.
        allowed: what it can be, in words; empty where the page has no such thing.
    """

    page: str
    name: str
    said: str
    allowed: str


def unusable() -> list[Unusable]:
    """The parts of the link that this page could not use, until they are dismissed."""
    noted: list[Unusable] = st.session_state.get(_UNUSABLE, [])
    return [one for one in noted if one.page == _page()]


def dismiss_unusable() -> None:
    """Say no more of them; only from a callback."""
    st.session_state.pop(_UNUSABLE, None)


def note_unusable(name: str, said: str, allowed: str) -> None:
    """Have a part of the link told of, above the page, in the one sentence about links."""
    noted = st.session_state.setdefault(_UNUSABLE, [])
    if (one := Unusable(_page(), name, said, allowed)) not in noted:
        noted.append(one)


def linked(name: str, options: Collection[str]) -> str | None:
    """What the address says, where it is one of `options`; None where it says nothing of use.

    What came with a link and cannot be used is taken out of the address and told of. What stands
    there since (a layer that another model lacks) is passed over in silence.
    """
    return _usable(name, lambda said: said in options, _either(options))


def linked_number(
    name: str, low: float, high: float, *, whole: bool = False, allowed: str = ""
) -> float | None:
    """The same for a number from `low` to `high`; `allowed` says so in words, if need be."""
    if not allowed:
        whole_ = "a whole number from " if whole else ""
        allowed = f"{whole_}{low:,g} to {high:,g}"

    def fits(said: str) -> bool:
        value = _number(said)
        return low <= value <= high and (value.is_integer() or not whole)

    said = _usable(name, fits, allowed)
    return None if said is None else _number(said)


def linked_head(layers: Mapping[str, int], n_heads: int) -> Mapping[str, str]:
    """Kind, layer and head of the address, as far as they exist.

    Args:
        layers: how many layers each kind has.
    """
    kind = linked(KIND, [name for name, n in layers.items() if n])
    layer = linked(LAYER, numbers(layers[kind] if kind else max(layers.values())))
    head = linked(HEAD, numbers(n_heads))
    found = {KIND: kind, LAYER: layer, HEAD: head}
    return {name: value for name, value in found.items() if value is not None}


def linked_pin(n_rows: int, n_columns: int) -> None:
    """Look over the lens's pinned cell, `row-column`, one of which may be missing."""

    def fits(said: str) -> bool:
        row, dash, column = said.partition("-")
        given = [(part, n) for part, n in ((row, n_rows), (column, n_columns)) if part]
        return bool(dash and given) and all(part in numbers(n) for part, n in given)

    _usable(PIN, fits, f"row-column, up to {n_rows - 1}-{n_columns - 1}")


def check_set(name: str, options: Collection[str]) -> None:
    """Tell of values that a widget with several choices, bound to the address, will drop."""
    for said in _came(name):
        if said not in options:
            note_unusable(name, said, _either(options))


def linked_names(start: str) -> list[str]:
    """The names in the link that start with `start` and were not looked at yet."""
    return [name for name in _arrived() if name.startswith(start)]


def numbers(n: int) -> list[str]:
    """`0`, `1`, … as an address has them."""
    return [str(i) for i in range(n)]


def _usable(name: str, fits: Callable[[str], bool], allowed: str) -> str | None:
    said, came = asked(name), _came(name)
    if said is None or fits(said):
        return said
    if came:
        note_unusable(name, said, allowed)
        del st.query_params[name]
    return None


def _came(name: str) -> list[str]:
    """The values of this name if a link brought them and nobody looked at them yet."""
    values = _arrived().pop(name, [])
    return values if values == st.query_params.get_all(name) else []


def _arrived() -> dict[str, list[str]]:
    """What the address said when this browser session began, less what was looked at since."""
    if _ARRIVED not in st.session_state:
        said = {name: st.query_params.get_all(name) for name in st.query_params}
        st.session_state[_ARRIVED] = said
    found: dict[str, list[str]] = st.session_state[_ARRIVED]
    return found


def _page() -> str:
    return st.context.url or ""


def _number(said: str) -> float:
    """The number; NaN, which no range holds, for what is none."""
    try:
        return float(said)
    except ValueError:
        return math.nan


def _either(options: Collection[str]) -> str:
    """`0 to 7`, or `a, b or c`; the beginning of a long list."""
    known = list(options)
    if len(known) > 1 and known == numbers(len(known)):
        return f"0 to {len(known) - 1}"
    if len(known) > MOST_NAMED:
        return f"{', '.join(known[:MOST_NAMED])} or one of {len(known) - MOST_NAMED} others"
    return " or ".join(filter(None, [", ".join(known[:-1]), *known[-1:]]))


def chosen_model() -> str | None:
    """The name of the model on the bench."""
    name: str | None = st.session_state.get(MODEL)
    return name


def set_model(name: str) -> None:
    """Put a model on the bench, before its widget is drawn."""
    st.session_state[MODEL] = name


def show_model_in_address() -> None:
    """Name the bench's model in the address, where it is read first."""
    if st.query_params.get(MODEL) != st.session_state[MODEL]:
        st.query_params[MODEL] = st.session_state[MODEL]


def set_text(text: str) -> None:
    """Put a text into the bench; only from a callback, before its widget is drawn."""
    st.session_state[TEXT] = text


def start_with_text(text: str) -> None:
    """Put a text into the bench and into the address, before its widget is drawn for the first
    time; later the widget, which is bound to the address, writes it there by itself.
    """
    set_text(text)
    st.query_params[TEXT] = text


def hand_over(text: str) -> None:
    """Have a text put into the bench by the next run, which draws another page."""
    st.session_state[_HANDED_OVER] = text


def take_over() -> None:
    """Put the text that was handed over, if there is one, before its widget is drawn."""
    if _HANDED_OVER in st.session_state:
        set_text(st.session_state.pop(_HANDED_OVER))


def own_models() -> dict[str, Model]:
    """Models trained in this browser session, by the name they go by."""
    models: dict[str, Model] = st.session_state.setdefault(_OWN, {})
    return models


def film_follows(text: str, sources: Sequence[str]) -> None:
    """Choose a recorded sentence before its widget is drawn: the bench's text when it is new there.

    Otherwise what was chosen or linked to stays; the first one where that is none of `sources`.
    """
    new = st.session_state.get(_FILM_OF) not in (None, text)
    said = linked(FILM, sources)
    chosen = st.session_state.get(FILM) or said
    if text in sources and (new or chosen not in sources):
        chosen = text
    st.session_state[FILM] = chosen if chosen in sources else sources[0]
    st.session_state[_FILM_OF] = text


def keep_good(slug: str, text: str) -> None:
    """Remember what last ran well, for as long as what is typed does not."""
    st.session_state[_GOOD] = (slug, text)


def last_good(slug: str) -> str | None:
    """The text that last ran well on this model."""
    kept = st.session_state.get(_GOOD)
    return kept[1] if kept and kept[0] == slug else None


def cell_in_address() -> dict[str, str]:
    """Kind, layer and head as the lens keeps them in the address, and the query and key of its
    pinned cell where rows are single tokens.
    """
    found = {name: st.query_params[name] for name in (KIND, LAYER, HEAD) if name in st.query_params}
    row, _, column = (asked(PIN) or "").partition("-")
    if asked("u") is None and asked("sp") is None:  # neither whole words nor left-out tokens
        found |= {QUERY: row} if row.isdecimal() else {}
        found |= {KEY: column} if column.isdecimal() else {}
    return found


def placed(name: str, options: Sequence[str], default: str, *, quiet: bool = False) -> str:
    """What the address says, else what was chosen before, else `default`: kept in step.

    The address owns the value and the widget with this key mirrors it; `place` is its callback.

    Args:
        options: short names that stay when the words on the screen change.
        quiet: leave the default out of the address, and do not keep it when it changes.
    """
    kept = f"_kept_{name}"
    said = linked(name, options)
    value = next((v for v in (said, st.session_state.get(kept)) if v in options), default)
    st.session_state[name] = value
    if quiet and value == default:
        forget(name)
        return value
    st.session_state[kept] = value
    if st.query_params.get(name) != value:
        st.query_params[name] = str(value)
    return str(value)


def placed_number(
    name: str, usual: Number, low: float, high: float, *, allowed: str = ""
) -> Number:
    """The same for a number, whole where `usual` is; the usual one is left out of the address.

    A link's number has to be within the range; one that was typed may be anything, so that the
    page can say what is wrong with it.
    """
    kept, cast = f"_kept_{name}", type(usual)
    said = linked_number(name, low, high, whole=cast is int, allowed=allowed)
    typed = st.session_state.get(name)
    if said is not None:
        value = cast(said)
    elif typed is not None and _number(asked(name) or "") == typed:
        value = typed
    else:
        value = st.session_state.get(kept, usual)
    st.session_state[name] = value
    if value == usual:
        forget(name)
        return usual
    st.session_state[kept] = value
    if st.query_params.get(name) is None:
        st.query_params[name] = str(value)
    return value


def placing(name: str) -> dict[str, Any]:
    """What a widget needs to mirror a placed value: `st.selectbox(…, **placing(name))`."""
    return {"key": name, "on_change": place, "args": (name,)}


def place(name: str, value: str | None = None) -> None:
    """Put a value, or what the widget of that name has, into the address; only from a callback."""
    chosen = st.session_state.get(name) if value is None else value
    if chosen is not None:
        st.query_params[name] = str(chosen)


def placed_set(name: str, options: Sequence[str], default: Sequence[str]) -> list[str]:
    """The same for a widget with several choices: `a,b` in the address, in the options' order."""
    said = asked(name)
    kept = f"_kept_{name}"
    wanted = said.split(",") if said is not None else st.session_state.get(kept, default)
    if _came(name) and (wrong := [one for one in wanted if one and one not in options]):
        note_unusable(name, ",".join(wrong), _either(options))
    values = [value for value in options if value in wanted]
    st.session_state[name] = st.session_state[kept] = values
    return values


def place_set(name: str) -> None:
    """Put what such a widget has into the address; only from a callback."""
    st.query_params[name] = ",".join(st.session_state.get(name) or [])


def placed_text(name: str) -> str:
    """The same for a text field; empty where nothing was typed."""
    said = asked(name)
    value = st.session_state.get(f"_kept_{name}", "") if said is None else said
    st.session_state[name] = st.session_state[f"_kept_{name}"] = value
    return str(value)


def forget(*names: str) -> None:
    """Take placed values out of the address, so that their defaults come back."""
    for name in names:
        st.session_state.pop(f"_kept_{name}", None)
        if name in st.query_params:
            del st.query_params[name]


def turn() -> int:
    """How often “Another one” was pressed."""
    return int(linked_number(TURN, 0, MOST_TURNS, whole=True) or 0)


def address() -> str:
    """The page's address as it stands, to be opened by others, who do not present."""
    shown = {k: v for k, v in st.query_params.to_dict().items() if k != PRESENT}
    query = urlencode(shown, quote_via=quote)
    return f"{st.context.url or ''}{'?' if query else ''}{query}"


def view_in_address() -> Mapping[str, str]:
    """What the address says of the view: all but the model and the text."""
    return {name: st.query_params[name] for name in st.query_params if name not in (MODEL, TEXT)}


def saved_run_key() -> str:
    """The key of the field that takes a saved run; a new one empties the field."""
    return f"saved_run_{st.session_state.get(_SAVED_RUNS, 0)}"


def close_saved_run() -> None:
    """Empty that field."""
    st.session_state[_SAVED_RUNS] = st.session_state.get(_SAVED_RUNS, 0) + 1


@dataclass
class Decoding:
    """What the Decode page keeps for one text; everything is empty at first.

    Attributes:
        forks: the branches that were grown.
        current: the branch that is shown, by its forced tokens.
        other: the branch that it is compared with.
        path: a way through the beam's tree, shown in place of the best one.
        step: a step that was picked outside of the step view, and how many were so far.
        said: why the last thing asked for was not done.
        target: the last target text that could be forced as a whole.
    """

    forks: Forks = field(default_factory=Forks)
    current: tuple[int, ...] = ()
    other: tuple[int, ...] | None = None
    path: tuple[int, ...] | None = None
    step: tuple[int, int] = (0, 0)
    said: str = ""
    target: str = ""


def decoding(digest: str, text: str) -> tuple[Decoding, bool]:
    """What is kept for these weights and this text, and whether it is new."""
    key, kept = st.session_state.get(_DECODING, (None, Decoding()))
    if key == (digest, text):
        return kept, False
    fresh = Decoding()
    st.session_state[_DECODING] = ((digest, text), fresh)
    return fresh, True


def linked_ids(name: str) -> str | None:
    """Token ids that a link brought; None for those that the page itself put into the address."""
    given = asked(name)
    return None if given == st.session_state.get(_DECODING_SHOWN, {}).get(name) else given


def show_ids(**addresses: str | None) -> None:
    """Remember which token ids the page puts into the address."""
    st.session_state[_DECODING_SHOWN] = addresses


def keep_strategy(strategy: Strategy) -> None:
    """Remember the last strategy whose options could be used."""
    st.session_state[_GOOD_STRATEGY] = strategy


def last_strategy() -> Strategy | None:
    """That strategy."""
    kept: Strategy | None = st.session_state.get(_GOOD_STRATEGY)
    return kept


def off_key(kind: str, layer: int) -> str:
    """The key of the switches of one layer's heads."""
    return f"{OFF}{kind}_{layer}"


def switched(key: str) -> list[Any]:
    """What is chosen in a field with several choices."""
    return list(st.session_state.get(key) or [])


def switch(key: str, chosen: list[Any]) -> None:
    """Choose in such a field; only from a callback, before its widget is drawn."""
    st.session_state[key] = chosen


def ask(job: tuple[str, ...]) -> None:
    """Remember that this session wants a piece of background work."""
    st.session_state.setdefault(_ASKED, {})[job] = True


def refuse(job: tuple[str, ...]) -> None:
    """Remember that it was stopped here."""
    st.session_state.setdefault(_ASKED, {})[job] = False


def asked_for(job: tuple[str, ...]) -> bool | None:
    """Whether this session wants it; None when it never said."""
    wanted: bool | None = st.session_state.get(_ASKED, {}).get(job)
    return wanted


def selected_points(key: str) -> list[Any]:
    """The points that are selected in a Plotly chart."""
    selection = (st.session_state.get(key) or {}).get("selection") or {}
    return list(selection.get("points", ()))


def picked(key: str) -> Any:
    """The value of a widget, from its callback."""
    return st.session_state.get(key)


def next_seed() -> None:
    """Draw with the next seed; only from a callback."""
    place(SEED, str(int(st.session_state.get(SEED) or 0) + 1))


def go_to_view(view: str) -> None:
    """Show another view of the Decode page; only from a callback."""
    place(VIEW, view)


def renew_target(digest: str, text: str, target: str) -> None:
    """Put a target text into its field for a new source text; a link's own stays at first."""
    known = st.session_state.get(_TARGET_OF)
    if (known is None and asked(TARGET) is None) or known not in (None, (digest, text)):
        st.session_state[TARGET] = target
    st.session_state[_TARGET_OF] = (digest, text)


def take_time() -> None:
    """Ask for decoding to be timed anew."""
    st.session_state[_TAKES] = times_taken() + 1


def times_taken() -> int:
    """How often that was asked for."""
    count: int = st.session_state.get(_TAKES, 0)
    return count
