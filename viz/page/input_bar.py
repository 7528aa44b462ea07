"""The bar above every page: which model, which text, and what the model makes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import StreamlitPage

from headlight.model import Model, Trace
from headlight.model.tasks import TASKS
from headlight.model.tasks.base import Example
from headlight.model.training.live import Settings

from .. import runtime, selection
from ..components.glossary import glosses
from ..components.static import style
from ..components.welcome import welcome
from ..labels import NOUN
from ..markdown import plain, short
from . import classroom, given, menu, present, share
from .background import stopped
from .context import RunContext

RESULT = "bench-result"
"""The output line's container, which a page that asks for a guess hides."""
EXAMPLE, MORE_EXAMPLES = "example", "example-more"
FIRST = 3
"""Examples that stand beside each other; together they fit on a line."""
FIRST_PAGE = "explore"
FIRST_TEXT = "The black cat sleeps."
"""What a model without examples of its own is shown with."""
CHOICES = {
    "source_language": "from",
    "target_language": "to",
    "task": "do",
    "timestamps": "times",
}
"""The parameter of each of `Model.choices`."""

SEVERAL = ("decode",)
"""Paths of the pages that show other outputs of the same text than the greedy one."""
OWN_OUTPUT = {
    "": None,
    "home": None,
    "explore": None,
    "decode": ("view", "steps"),
    "inside": ("section", "break"),
}
"""Paths of the pages that show the output themselves, and the part of the page that does."""
SEEN_THERE = ("", "home", "explore", "decode")
"""Paths of the pages that show a picture or a sound themselves."""
LONGEST_READ = 120
"""Characters of a text read in another case that are shown: whoever typed it has it above."""
_GOOD = "last_good"


def input_bar(pages: Mapping[str, StreamlitPage], path: str) -> RunContext:
    """Draw the bar above the page at `path`, and run what is in it.

    Text that cannot be read keeps the last good run.
    """
    st.html(style("input_bar"))
    names = runtime.names()
    if not names:
        st.error("There is no model in assets/checkpoints. `make train TASK=reverse` makes one.")
        st.stop()
    menu.menu(pages)
    glosses()
    # On every page, mostly empty: the fields below would be mounted anew if their place moved.
    greeting = st.container(horizontal=True, vertical_alignment="center", key="welcome")
    left, right = st.columns([1, 3])
    slug = selection.choice("model", names, names[0])
    selection.settle(model=slug)  # named in the address from the start
    left.selectbox(
        "Model",
        names,
        format_func=_title,
        # Another model starts with its own first example and choices: all are one change.
        **selection.widget("model", text=None, **dict.fromkeys(CHOICES.values())),
    )
    loaded = _chosen(_load(slug))
    if path == FIRST_PAGE and not present.presenting():
        with greeting:
            _welcome(pages, loaded.reads)
    examples = runtime.examples(loaded)
    text = selection.text("text", examples[0].text if examples else FIRST_TEXT)
    selection.settle(text=text)
    if loaded.reads == "text":
        right.text_input("Source text", **selection.widget("text"))
    else:
        with right:
            given.given(loaded, text)
    with st.container(horizontal=True, vertical_alignment="center", key="bench-row"):
        if present.presenting():
            menu.links(pages)
        elif examples:
            _examples(examples)
        share.share()
        classroom.door()
        present.switch()
        if path == FIRST_PAGE and "training" in pages and not present.presenting():
            _watch_one_learn(pages)
    notice, result = st.container(), st.container(key=RESULT)
    trace, text = _run(loaded, text, notice, result)
    with result:
        _output(loaded, trace, text, path)
    if path not in SEEN_THERE:
        given.shown(trace.source)
    runtime.settle()
    return RunContext(loaded, text, trace, pages)


def _chosen(loaded: Model) -> Model:
    """The model with the languages or the task that are selected, where it offers any."""
    if not loaded.choices.all:
        return loaded
    chosen = {}
    with st.container(horizontal=True):
        for one in loaded.choices.all:
            name = CHOICES[one.name]
            chosen[one.name] = selection.choice(name, one.values, one.default)
            label = one.title[0].upper() + one.title[1:]
            st.selectbox(label, one.values, width=240, **selection.widget(name))
    return loaded.choose(**chosen)


def _welcome(pages: Mapping[str, StreamlitPage], reads: str) -> None:
    """What this is and how to begin: hidden until the browser knows of a first visit."""
    welcome(reads)
    if "learn" in pages:
        selection.link(pages["learn"], "Lessons", ":material/school:")


def _watch_one_learn(pages: Mapping[str, StreamlitPage]) -> None:
    """One press: a training begins, and one looks on."""
    if st.button(
        "Watch a transformer learn",
        key="watch-one-learn",
        icon=":material/model_training:",
        type="tertiary",
        help="A small one, from nothing: it takes about a minute.",
    ):
        seat = runtime.training_seat()
        if seat.training is None or not seat.training.active:
            seat.start(Settings(megabytes=int(runtime.limits().training_megabytes)))
        selection.go(pages["training"], training="live")


def _examples(examples: Sequence[Example]) -> None:
    """The first examples on a line, each whole; the others folded behind it."""
    first, others = examples[:FIRST], examples[FIRST:]
    _pills(first, EXAMPLE)
    if others:
        with st.popover("More examples", type="tertiary"):
            _pills(others, MORE_EXAMPLES)


def _pills(examples: Sequence[Example], key: str) -> None:
    st.pills(
        "Examples",
        [example.text for example in examples],
        format_func=plain,
        key=key,
        on_change=_take_example,
        args=(key,),
        label_visibility="collapsed",
    )


def _output(loaded: Model, trace: Trace, text: str, path: str) -> None:
    """What the model wrote, unless the page below shows it, and what is to be said of it."""
    parts = []
    if not _shown_below(path):
        name = "Greedy output" if path in SEVERAL else "Output"
        parts.append(f":small[:gray[{name}]]&emsp;{plain(trace.output_text) or ':gray[nothing]'}")
    parts = [f":small[:orange[{sentence}]]" for sentence in _remarks(loaded, trace)] + parts
    if (read := loaded.tokenizer.read_as(trace.src.text)) != trace.src.text:
        parts.append(f":small[:gray[Read as]]&emsp;{short(read, LONGEST_READ)}")
    if parts:
        st.markdown("&emsp;".join(parts))
    if loaded.strategy.label != runtime.GREEDY.label and not _shown_below(path):
        st.caption(
            f"This checkpoint asks for a {plain(loaded.strategy.label)}. Shown is its greedy "
            "output; Decode begins with its own."
        )
    for sentence in loaded.not_followed:
        st.caption(plain(sentence))


def _shown_below(path: str) -> bool:
    """Whether the page at `path` shows the output itself."""
    if path not in OWN_OUTPUT:
        return False
    part = OWN_OUTPUT[path]
    return part is None or selection.current()[part[0]] == part[1]


def _remarks(loaded: Model, trace: Trace) -> list[str]:
    """What was lost of the text, what was too long for what the model has learned, what was cut."""
    unknown = loaded.tokenizer.unknown(trace.src)
    said = []
    if lost := [sign for sign in unknown if sign not in trace.output_text]:
        said.append(f"Unknown to the model and lost: {plain(' '.join(lost))}")
    longest = runtime.longest_learned(loaded)
    if longest is not None and len(trace.src) > longest:
        said.append(
            f"{len(trace.src)} tokens: longer than anything this model learned from (at most about "
            f"{longest}). Expect mistakes."
        )
    if not trace.finished:
        said.append(f"Cut off at {len(trace.tgt_out)} tokens: the model did not stop by itself.")
    return said


def _run(
    loaded: Model, text: str, notice: DeltaGenerator, result: DeltaGenerator
) -> tuple[Trace, str]:
    """The trace of the text, or of the last good one with a sentence in `notice` that says why."""
    doing = loaded.task.doing if loaded.task else runtime.DOING
    try:
        with result:
            trace = runtime.run(loaded, text, doing=doing)
    except ValueError as error:
        slug, good = st.session_state.get(_GOOD, ("", ""))
        fallback = good if slug == loaded.slug else ""
        if not fallback:
            known = runtime.examples(loaded)
            fallback = known[0].text if known else FIRST_TEXT
        try:
            with result:
                kept = runtime.run(loaded, fallback, doing=doing)
        except ValueError:  # no text helps: the weights are at fault
            notice.warning(plain(str(error)))
            st.stop()
        with notice:
            st.warning(f"{plain(str(error))} Still showing {_named(loaded, fallback)}.")
            stopped(error)
        return kept, fallback
    st.session_state[_GOOD] = (loaded.slug, text)
    return trace, text


def _named(loaded: Model, text: str) -> str:
    """What a text is called where a sentence speaks of it: a drawing or a recording has no name."""
    if loaded.reads != "text" and runtime.unnamed(text):
        return f"the {NOUN[loaded.reads]} before it"
    return f"“{short(text)}”"


def _load(slug: str) -> Model:
    """The model; weights that cannot be used are told of, and the others stay within reach."""
    try:
        return runtime.get(slug)
    except ValueError as error:
        st.error(f"{plain(str(error))} Choose another model.")
        st.stop()


def _title(slug: str) -> str:
    if slug in runtime.own_models():
        return slug
    if runtime.is_yours(slug):
        return f"{slug} (yours)"
    return next((task.title for task in TASKS if task.slug == slug), slug)


def _take_example(key: str) -> None:
    """An example opens on the head that shows what it is about."""
    if chosen := st.session_state.get(key):
        given.chosen()
        selection.update(text=chosen, kind=None, layer=None, head=None)
        st.session_state[key] = None
