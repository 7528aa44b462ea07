"""Learn: lessons on the learner's own text, a guessing game, the teacher's notes."""

from __future__ import annotations

import inspect

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from headlight.model import Trace
from headlight.model.paths import HOME

from .. import runtime, selection
from ..components.quiz import quiz
from ..components.static import style
from ..glossary import glossed
from ..labels import worded
from ..lessons import GAMES, LESSONS, Lesson, Scene, Screen
from ..lessons.worksheet import worksheet
from ..markdown import plain
from ..page import classroom
from ..page.choice import choose
from ..page.context import RunContext
from ..page.present import presenting
from ..page.printing import on_paper, print_button

TITLE, ICON, PATH = "Learn", ":material/school:", "learn"

PARTS = {
    "lessons": "Lessons",
    "predict": "Predict the map",
    "notes": "Teacher's notes",
}
NOTES = HOME / "docs" / "teaching.md"


def render(context: RunContext) -> None:
    """The part of the page that the address names."""
    st.html(style("learn"))
    bar = _row("learn-bar")
    with bar:
        part = choose("learn", "Part of the page", PARTS)
    if part == "notes":
        _notes()
        return
    steps = bar if presenting() else _row("learn-steps")  # in a hall one line less is above
    {"lessons": _lessons, "predict": _predict}[part](context, steps)


def _row(key: str) -> DeltaGenerator:
    return st.container(horizontal=True, vertical_alignment="center", key=key)


def _lessons(context: RunContext, steps: DeltaGenerator) -> None:
    by_slug = {lesson.slug: lesson for lesson in LESSONS}
    slugs = list(by_slug)
    slug = selection.choice("lesson", slugs, slugs[0])
    number = slugs.index(slug)
    lesson = by_slug[slug]
    with steps:
        st.subheader(f"{number + 1} · {lesson.title}", anchor=False)
        st.segmented_control(
            "Lesson",
            slugs,
            format_func=lambda one: str(slugs.index(one) + 1),
            **selection.widget("lesson"),
            required=True,
            label_visibility="collapsed",
        )
        before, after = [None, *slugs][number], [*slugs, None][number + 1]
        with st.container(horizontal=True, width="content"):
            _step("Back", "arrow_back", "B", before)
            _step("Next", "arrow_forward", "N", after)
    idea, do = st.columns([3, 2], gap="large")
    said, task = (worded(one, context.model.reads) for one in (lesson.idea, lesson.do))
    idea.markdown(glossed(said))
    do.markdown(f"**Do this.** {glossed(task)}")
    trace = _forced(context) if slug == "writing" else context.trace
    screen = lesson.build(_scene(context, trace))
    classroom.offer(screen.picture, screen.question, screen.kind, game=False)
    _screen(screen, f"lesson-{slug}")
    with _row("learn-on"):
        _link(context, screen)
        if not presenting():
            print_button("Print a worksheet")
    _folded(lesson)
    with on_paper():
        notes = NOTES.read_text(encoding="utf-8")
        st.html(worksheet(number + 1, lesson, screen, trace, notes))


def _step(label: str, icon: str, key: str, to: str | None) -> None:
    """A button to the lesson before or after."""
    st.button(
        label,
        icon=f":material/{icon}:",
        icon_position="right" if label == "Next" else "left",
        shortcut=key,
        disabled=to is None,
        on_click=_open_lesson,
        args=(to,),
    )


def _open_lesson(slug: str) -> None:
    selection.update(lesson=slug, shown=None)


def _next_turn(turn: int) -> None:
    selection.update(turn=turn + 1, shown=None)


def _folded(lesson: Lesson) -> None:
    """The field's terms, and the code that runs."""
    if lesson.term:
        with st.expander("In the field's terms"):
            st.markdown(glossed(lesson.term))
    if lesson.code is not None:
        with st.expander("The code that is running"):
            st.code(inspect.getsource(lesson.code), language="python")


def _predict(context: RunContext, steps: DeltaGenerator) -> None:
    by_slug = {game.slug: game for game in GAMES}
    turn = selection.whole("turn")
    with steps:
        titles = {name: game.title for name, game in by_slug.items()}
        slug = choose("game", "What to guess", titles)
        st.button(
            "Next question",
            icon=":material/casino:",
            shortcut="N",
            on_click=_next_turn,
            args=(turn,),
        )
    screen = by_slug[slug].build(_scene(context, context.trace, turn))
    classroom.offer(screen.picture, screen.question, screen.kind, game=True)
    _screen(screen, f"game-{slug}")
    with st.container(horizontal=True):
        _link(context, screen)


def _screen(screen: Screen, key: str) -> None:
    """What one looks at, and the picture with its question."""
    st.caption(glossed(plain(screen.look)))
    quiz(screen.picture, screen.question, kind=screen.kind, present=presenting(), key=key)


def _link(context: RunContext, screen: Screen) -> None:
    """On to the page that shows more of the same head."""
    for link in filter(None, (screen.link, screen.also)):
        path = next((path for path in link.paths if path in context.pages), None)
        if path is not None:
            context.link(path, link.label, icon=":material/arrow_outward:", **link.address)


def _scene(context: RunContext, trace: Trace, turn: int = 0) -> Scene:
    """The context as lessons need it; runs with edits stop soon after the plain answer's length."""
    limit = min(len(context.trace.tgt_out) + 4, context.model.config.max_positions)
    return Scene(
        context.model,
        trace,
        lambda text, edits: runtime.run(
            context.model, text, max_len=limit if edits else None, edits=edits
        ),
        lambda traced: runtime.links(context.model, traced),
        runtime.shipped_atlas(context.model),
        turn,
        "" if context.model.reads == "text" else context.text,
    )


def _forced(context: RunContext) -> Trace:
    """The trace of the answer that the learner typed; the model's own until then."""
    answer = selection.text("force")
    st.text_input(
        "Target answer (teacher forcing)",
        placeholder="empty: what the model itself wrote",
        **selection.widget("force"),
    )
    if not answer.strip():
        return context.trace
    try:
        return runtime.teacher_force(context.model, context.text, answer)
    except ValueError as error:
        st.warning(f"{plain(str(error))} Showing what the model itself wrote.")
        return context.trace


def _notes() -> None:
    """The teacher's notes, as they are printed."""
    print_button("Print these notes")
    with on_paper():
        st.markdown(NOTES.read_text(encoding="utf-8"))
