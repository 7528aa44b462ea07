"""A small model that is trained while one looks: what to train, its curves and its heads."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from headlight.model.analysis.heads.opening import best
from headlight.model.tasks import task
from headlight.model.training.history import TrainingHistory
from headlight.model.training.live import LONGEST, TASKS, Settings, Trained, Training
from headlight.model.training.recording import CurvePoint

from ... import runtime, selection
from ...components.training_player import encode, training_player
from ...components.visitor import visitor
from ...figures.postcard import postcard
from ...glossary import glossed
from ...labels import head_name, row_names, token_names
from ...markdown import plain
from ...page import classroom
from ...page.context import RunContext
from ...page.standing import standing, waits

NORMS = {"before": "before each block (pre-norm)", "after": "after each sum (post-norm)"}
BEAT = 1.0
"""Seconds between two looks at a training under way."""


def render(context: RunContext) -> None:
    """The form, and below it the training of this session."""
    seat = runtime.training_seat()
    training = seat.training
    visitor(runtime.VISITOR, runtime.recognise)
    in_class = classroom.is_pupil()
    settings, start = _form(busy=in_class or (training is not None and training.active))
    classroom.train(settings)
    if in_class:
        st.caption("In a class all watch one training, which the teacher starts.")
    if start:
        seat.start(settings)
        st.rerun()
    if training is not None and training.active:
        _watch()
    elif training is not None and training.status == "failed":
        st.error(plain(training.error), icon=":material/error:")
    elif training is not None:
        st.rerun()  # it has just ended: the context has yet to list its model
    elif seat.trained:
        _last(context)
    else:
        st.caption(
            f"{_queue(len(seat.line))} A training runs in a process of its own, one at a time for "
            "everyone who uses this server. It stops when you close this tab; the trained model "
            "waits for you for a while, in memory only."
        )


def _queue(n: int) -> str:
    """How long the queue is."""
    if not n:
        return "Nobody is training: yours would start at once."
    others = "1 training is" if n == 1 else f"{n} trainings are"
    return f"{others} under way or waiting; yours would come after that."


def _form(busy: bool) -> tuple[Settings, bool]:
    """What to train, and whether to start."""
    left, middle, right = st.columns([2, 3, 1], vertical_alignment="bottom")
    with left:
        chosen = selection.choice("live_task", TASKS, TASKS[0])
        st.selectbox(
            "Task",
            TASKS,
            format_func=lambda slug: task(slug).title,
            **selection.widget("live_task"),
        )
    with middle, st.popover("Change the model", width="stretch", icon=":material/tune:"):
        layers = _number("Layers in each stack", "live_layers", (1, 2, 3), 1)
        heads = _number("Heads in each layer", "live_heads", (1, 2, 4, 8), 4)
        width = _number("Width of the residual stream (d_model)", "live_width", (32, 64, 128), 64)
        norm = selection.choice("live_norm", list(NORMS), "before")
        st.segmented_control(
            "Layer norm",
            list(NORMS),
            format_func=NORMS.__getitem__,
            required=True,
            **selection.widget("live_norm"),
        )
        positions = selection.on("live_positions")
        st.toggle(
            "Positions are added to the embeddings",
            help="Without them a source is a bag of tokens. Which tasks can still be learned?",
            **selection.widget("live_positions"),
        )
    settings = Settings(
        task=chosen,
        layers=layers,
        heads=heads,
        d_model=width,
        norm_first=norm == "before",
        positions=positions,
        megabytes=int(runtime.limits().training_megabytes),
    )
    with right:
        start = st.button(
            "Start",
            type="primary",
            width="stretch",
            icon=":material/play_arrow:",
            disabled=busy,
        )
    st.caption(glossed(_says(settings)))
    return settings, start


def _number(label: str, name: str, values: Sequence[int], usual: int) -> int:
    """A choice between a few numbers."""
    options = [str(value) for value in values]
    chosen = selection.choice(name, options, str(usual))
    st.segmented_control(label, options, required=True, **selection.widget(name))
    return int(chosen)


def _says(settings: Settings) -> str:
    """The chosen training in one sentence."""
    longest = LONGEST.get(settings.task)
    inputs = f"inputs of up to {longest} items" if longest else "all inputs of the task"
    layers = "1 layer" if settings.layers == 1 else f"{settings.layers} layers"
    heads = "1 head" if settings.heads == 1 else f"{settings.heads} heads"
    return (
        f"{layers} in each stack, {heads}, d\\_model {settings.d_model}, layer norm "
        f"{'before' if settings.norm_first else 'after'} each block, "
        f"{'with' if settings.positions else 'without'} positions; {inputs}, "
        "drawn anew at every step; "
        f"at most {settings.seconds:.0f} seconds and {settings.megabytes:,} MB."
    )


@st.fragment(run_every=BEAT)
def _watch() -> None:
    """The training under way; the page is drawn again when it has ended, with its model listed."""
    seat = runtime.training_seat()
    training = seat.training
    if training is None or not training.active:
        st.rerun()
    place = seat.line.place(training)
    if training.status == "waiting":
        st.info(waits(place, training.settings.seconds), icon=":material/hourglass_top:")
        if st.button("Leave the queue"):
            seat.close()
            st.rerun()
        return
    _controls(training)
    history = training.history
    if history is None:
        st.caption("The process is starting …")
        return
    _draw(history, training.curve)


def _controls(training: Training) -> None:
    """Where it stands, and pause, go on, stop."""
    words, first, second = st.columns([6, 1, 1], vertical_alignment="center")
    with words:
        st.markdown(f"**{standing(training)}**")
    with first:
        if training.status == "paused":
            if st.button("Resume", width="stretch", icon=":material/play_arrow:"):
                training.go_on()
                st.rerun(scope="fragment")
        elif st.button("Pause", width="stretch", icon=":material/pause:"):
            training.pause()
            st.rerun(scope="fragment")
    with second:
        if st.button("Stop", width="stretch", icon=":material/stop:"):
            training.stop()


def _last(context: RunContext) -> None:
    """What came of the last training, with ways to use it."""
    seat = runtime.training_seat()
    name, trained = list(seat.trained.items())[-1]
    point = trained.curve[-1] if trained.curve else None
    accuracy = f", accuracy {point.accuracy:.3f}" if point else ""
    words, link = st.columns([3, 1], vertical_alignment="center")
    with words:
        st.success(
            f"Trained for {trained.history.steps[-1]:,} steps ({plain(trained.reason)}){accuracy}. "
            f"“{plain(name)}” is now among the models of every page, also when you reload it.",
            icon=":material/check:",
        )
    with link:
        if "explore" in context.pages and st.button(
            "Explore its heads", icon=":material/search:", width="stretch"
        ):
            context.open("explore", model=name, text=trained.history.source)
        st.download_button(
            "Take a picture along",
            lambda: _postcard(trained),
            f"headlight-{name}.svg",
            "image/svg+xml",
            on_click="ignore",
            icon=":material/image:",
            width="stretch",
        )
    _draw(trained.history, trained.curve)


def _postcard(trained: Trained) -> str:
    """The head that follows the task's true links best in the end, at the first and last step."""
    history, last = trained.history, trained.history.steps[-1]
    error = history.aer["writes"][-1]
    layer, head = best(-error) if np.isfinite(error).any() else (0, 0)
    accuracy = f", accuracy {trained.curve[-1].accuracy:.3f}" if trained.curve else ""
    size = f"{trained.n_parameters:,} parameters"
    task_title = trained.model.task.title if trained.model.task else trained.model.slug
    return postcard(
        title=f"A transformer of my own: {task_title}",
        facts=f"{size}, {last:,} steps{accuracy} · {history.source} → {history.outputs[-1]}",
        curve=[(point.step, point.accuracy) for point in trained.curve],
        before=history.pattern(0, "cross", layer, head),
        after=history.pattern(-1, "cross", layer, head),
        rows=row_names(history, "cross"),
        columns=token_names(history.src),
        steps=(history.steps[0], last),
        head=head_name(layer, head),
    )


def _draw(history: TrainingHistory, curve: tuple[CurvePoint, ...]) -> None:
    payload = encode(history, curve=curve, row="writes", even=False, quiet=True)
    training_player(payload, key="training_live_history")
