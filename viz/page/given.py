"""Where a picture is drawn or a sound is spoken, in place of a text: pad, microphone, files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from headlight.model import AnySource, Model, Picture, Sound
from headlight.model.network.front_shapes import MelShape
from headlight.model.run import ink
from headlight.model.run.pictures import fit, read_picture
from headlight.model.run.sounds import at_rate, read_sound, speech, spoken
from headlight.model.run.speech import seconds_of

from .. import runtime, selection
from ..components.pad import drawn, pad
from ..markdown import plain
from .background import stopped
from .context import RunContext

PAD, FILE, VOICE = "given-pad", "given-file", "given-voice"
_WRONG, _CLEAR, _CUT = "given-wrong", "given-clear", "given-cut"
LARGEST_MB = 20
LONGEST_IN_LINK = 1_500
"""Characters of a drawing that links carry; eight digits take about 400."""


def given(loaded: Model, text: str) -> None:
    """The pad or the microphone, a file, and a sentence about what could not be read."""
    if loaded.reads == "picture":
        _picture(loaded.slug, text)
    else:
        said = "Say one to six digits" if loaded.task else "Say something, up to 30 seconds"
        _sound(loaded.slug, said)
        if cut := st.session_state.get(_CUT, {}).get(text):
            st.caption(cut)
    if wrong := st.session_state.pop(_WRONG, None):
        st.warning(plain(wrong))


def render(page: Callable[[RunContext], None], context: RunContext) -> None:
    """Draw a page; what it cannot do, or not yet without a text, it says in a sentence."""
    try:
        page(context)
    except runtime.Stopped as error:
        st.info(str(error))
        stopped(error)
    except runtime.OverLimit as error:
        st.warning(plain(str(error)))
    except ValueError as error:
        if context.model.reads == "text":
            raise
        st.info(plain(str(error)))


def shown(source: AnySource) -> None:
    """The picture as the model sees it, or the sound to be played."""
    if isinstance(source, Picture):
        pixels = fit(source.pixels)
        said = "as the model sees it"
        st.image(pixels, caption=said, alt=f"the picture {said}", width=2 * pixels.shape[1])
    elif isinstance(source, Sound):
        st.audio(at_rate(source, source.rate), sample_rate=source.rate)


def chosen() -> None:
    """An example was chosen: what was drawn before does not belong to it."""
    st.session_state[_CLEAR] = st.session_state.get(_CLEAR, 0) + 1


def _picture(slug: str, text: str) -> None:
    clear = st.session_state.get(_CLEAR, 0)
    pad(key=PAD, text=text, clear=clear, on_draw=lambda: _draw(slug))
    with st.popover("Upload a picture", icon=":material/upload:", key="upload"):
        st.file_uploader(
            "A picture of digits in a row, of any size: dark on bright or bright on dark",
            type=["png", "jpg", "jpeg", "webp", "gif", "bmp"],
            key=FILE,
            on_change=_take,
            args=(slug, FILE, _keep_picture),
            max_upload_size=LARGEST_MB,
        )


def _sound(slug: str, label: str) -> None:
    st.audio_input(
        label,
        sample_rate=16_000,
        key=VOICE,
        on_change=_take,
        args=(slug, VOICE, _keep_sound),
    )
    with st.popover("Upload a sound", icon=":material/upload:", key="upload"):
        st.file_uploader(
            "A recording: WAV, FLAC, OGG or MP3",
            type=["wav", "flac", "ogg", "mp3"],
            key=FILE,
            on_change=_take,
            args=(slug, FILE, _keep_sound),
            max_upload_size=LARGEST_MB,
        )


def _draw(slug: str) -> None:
    """A stroke has ended: the whole drawing is what the model reads now."""
    drawing = drawn(PAD)
    if 0 < len(drawing) <= LONGEST_IN_LINK:
        selection.update(text=drawing)
    elif drawing:
        with _told():
            _select(slug, ink.picture(drawing))


def _take(slug: str, key: str, keep: Callable[[str, bytes], None]) -> None:
    """A file or a recording has come; the drawing before it stays if it cannot be read."""
    if (file := st.session_state.get(key)) is not None:
        with _told():
            keep(slug, file.getvalue())
            chosen()


def _keep_picture(slug: str, data: bytes) -> None:
    _select(slug, read_picture(data, runtime.limits().picture_megapixels))


def _keep_sound(slug: str, data: bytes) -> None:
    """What is said in it; a Whisper hears all that its window holds, silence as well."""
    sound = read_sound(data, runtime.limits().sound_seconds)
    start, end = spoken(sound)
    front = runtime.get(slug).config.front
    if isinstance(front, MelShape) and sound.seconds <= seconds_of(front):
        _select(slug, sound)
        return
    name = _select(slug, speech(sound))
    if start:
        last = min(end / sound.rate, sound.seconds)
        cuts = st.session_state.setdefault(_CUT, {})
        cuts[name] = (
            f"Only the part with speech is heard: {start / sound.rate:.2f} to {last:.2f} s of the "
            "recording. Seconds on this page count from the start of that part."
        )


def _select(slug: str, source: Picture | Sound) -> str:
    """Keep and select it.

    Raises:
        ValueError: the model cannot read it.
    """
    runtime.get(slug).read(source)
    name = runtime.keep(source)
    selection.update(text=name)
    return name


@contextmanager
def _told() -> Iterator[None]:
    """What could not be read is said on the page."""
    try:
        yield
    except ValueError as error:
        st.session_state[_WRONG] = str(error)
