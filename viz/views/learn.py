"""Learn: lessons on the learner's own text, a guessing game, the teacher's notes."""

from __future__ import annotations

import inspect

import streamlit as st

from headlight.model import Trace
from headlight.model.analysis.alignment.reference import reference
from headlight.model.paths import HOME

from .. import address, runtime, state
from ..components.quiz import quiz
from ..lessons import GAMES, LESSONS, Lesson, Scene, Screen
from .bench import RESULT, Bench
from .learn_share import print_button, share
from .present import presenting
from .words import plain

TITLE, ICON, PATH = "Learn", ":material/school:", "learn"

PARTS = {
    "lessons": "Lessons",
    "predict": "Predict the map",
    "notes": "Teacher's notes",
}
_STYLE = f"""<style>
.st-key-{RESULT}:not(:has([data-testid=stSpinner])) {{ display: none; }}
@media (max-width: 1100px) {{ .st-key-{state.LESSON} button {{ padding: 0 0.55rem; }} }}
@media (max-width: 640px) {{ .st-key-{state.LESSON} button {{ padding: 0 0.3rem; min-width: 0; }} }}
</style>"""
"""The bench's own line would give away what is to be predicted; ten numbers fit on a phone."""
NOTES = HOME / "docs" / "teaching.md"


def render(bench: Bench) -> None:
    """The part of the page that the address names."""
    part = address.placed(state.LEARN, list(PARTS), "lessons")
    st.html(_STYLE)
    with st.container(horizontal=True, vertical_alignment="center", key="learn-bar"):
        st.segmented_control(
            "Part of the page",
            list(PARTS),
            format_func=lambda name: PARTS[name],
            key=state.LEARN,
            required=True,
            on_change=address.place,
            args=(state.LEARN,),
            label_visibility="collapsed",
        )
        share()
    {"lessons": _lessons, "predict": _predict, "notes": _notes}[part](bench)


def _lessons(bench: Bench) -> None:
    by_slug = {lesson.slug: lesson for lesson in LESSONS}
    slugs = list(by_slug)
    slug = address.placed(state.LESSON, slugs, slugs[0])
    number = slugs.index(slug)
    lesson = by_slug[slug]
    with st.container(horizontal=True, vertical_alignment="center", key="learn-steps"):
        st.subheader(f"{number + 1} · {lesson.title}", anchor=False)
        st.segmented_control(
            "Lesson",
            slugs,
            format_func=lambda one: str(slugs.index(one) + 1),
            key=state.LESSON,
            required=True,
            on_change=address.place,
            args=(state.LESSON,),
            label_visibility="collapsed",
        )
        before, after = [None, *slugs][number], [*slugs, None][number + 1]
        with st.container(horizontal=True, width="content"):
            _step("Back", "arrow_back", "B", before)
            _step("Next", "arrow_forward", "N", after)
    idea, do = st.columns([3, 2], gap="large")
    idea.markdown(lesson.idea)
    do.markdown(f"**Do this.** {lesson.do}")
    trace = _forced(bench) if slug == "writing" else bench.trace
    screen = lesson.build(_scene(bench, trace))
    _screen(screen, f"lesson-{slug}")
    _link(bench, screen)
    _folded(lesson)


def _step(label: str, icon: str, key: str, to: str | None) -> None:
    """A button to the lesson before or after."""
    st.button(
        label,
        icon=f":material/{icon}:",
        icon_position="right" if label == "Next" else "left",
        shortcut=key,
        disabled=to is None,
        on_click=address.place,
        args=(state.LESSON, to),
    )


def _folded(lesson: Lesson) -> None:
    """The field's terms, and the code that runs."""
    if lesson.term:
        with st.expander("In the field's terms"):
            st.markdown(lesson.term)
    if lesson.code is not None:
        with st.expander("The code that is running"):
            st.code(inspect.getsource(lesson.code), language="python")


def _predict(bench: Bench) -> None:
    by_slug = {game.slug: game for game in GAMES}
    slug = address.placed(state.GAME, list(by_slug), GAMES[0].slug)
    turn = address.turn()
    with st.container(horizontal=True, vertical_alignment="center", key="learn-steps"):
        st.segmented_control(
            "What to guess",
            list(by_slug),
            format_func=lambda one: by_slug[one].title,
            key=state.GAME,
            required=True,
            on_change=address.place,
            args=(state.GAME,),
            label_visibility="collapsed",
        )
        st.button(
            "Another one",
            icon=":material/casino:",
            shortcut="N",
            on_click=address.place,
            args=(state.TURN, str(turn + 1)),
        )
    screen = by_slug[slug].build(_scene(bench, bench.trace, turn))
    _screen(screen, f"game-{slug}")
    _link(bench, screen)


def _screen(screen: Screen, key: str) -> None:
    """What one looks at, and the picture with its question."""
    st.caption(plain(screen.look))
    quiz(screen.picture, screen.question, kind=screen.kind, present=presenting(), key=key)


def _link(bench: Bench, screen: Screen) -> None:
    """On to the page that shows more of the same head."""
    with st.container(horizontal=True):
        for link in filter(None, (screen.link, screen.also)):
            path = next((path for path in link.paths if path in bench.pages), None)
            if path is not None:
                bench.link(path, link.label, icon=":material/arrow_outward:", **link.address)


def _scene(bench: Bench, trace: Trace, turn: int = 0) -> Scene:
    """The bench as lessons need it; runs with edits stop soon after the plain answer's length."""
    limit = min(len(bench.trace.tgt_out) + 4, bench.model.config.max_positions)
    return Scene(
        bench.model,
        trace,
        lambda text, edits: runtime.run(
            bench.model, text, max_len=limit if edits else None, edits=edits
        ),
        lambda traced: None if traced.edits else reference(bench.model, traced, measure=True),
        runtime.shipped_atlas(bench.model),
        turn,
    )


def _forced(bench: Bench) -> Trace:
    """The trace of the answer that the learner typed; the model's own until then."""
    answer = st.text_input(
        "The right answer is said to be (teacher forcing)",
        key=state.FORCE,
        bind="query-params",
        placeholder="empty: what the model itself wrote",
    )
    if not answer.strip():
        return bench.trace
    try:
        return runtime.teacher_force(bench.model, bench.text, answer)
    except ValueError as error:
        st.warning(f"{plain(str(error))} Below is what the model itself wrote.")
        return bench.trace


def _notes(bench: Bench) -> None:
    """The teacher's notes, as they are printed."""
    print_button()
    with st.container(key="teachers-notes"):
        st.markdown(NOTES.read_text(encoding="utf-8"))
