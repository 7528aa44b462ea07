"""Where a picture is drawn or a sound is spoken, in place of a text: pad, microphone, files."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from headlight.model import AnySource, Model, Picture, Sound
from headlight.model.run import ink
from headlight.model.run.pictures import fit, read_picture
from headlight.model.run.sounds import at_rate, read_sound, speech

from .. import runtime, selection
from ..components.pad import drawn, pad
from ..markdown import plain
from .background import stopped
from .context import RunContext

PAD, FILE, VOICE = "given-pad", "given-file", "given-voice"
_WRONG, _CLEAR = "given-wrong", "given-clear"
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
            args=(slug, FILE, _read_picture),
            max_upload_size=LARGEST_MB,
        )


def _sound(slug: str, label: str) -> None:
    st.audio_input(
        label,
        sample_rate=16_000,
        key=VOICE,
        on_change=_take,
        args=(slug, VOICE, _read_sound),
    )
    with st.popover("Upload a sound", icon=":material/upload:", key="upload"):
        st.file_uploader(
            "A recording: WAV, FLAC, OGG or MP3",
            type=["wav", "flac", "ogg", "mp3"],
            key=FILE,
            on_change=_take,
            args=(slug, FILE, _read_sound),
            max_upload_size=LARGEST_MB,
        )


def _read_picture(data: bytes) -> Picture:
    return read_picture(data, runtime.limits().picture_megapixels)


def _read_sound(data: bytes) -> Sound:
    return speech(read_sound(data, runtime.limits().sound_seconds))


def _draw(slug: str) -> None:
    """A stroke has ended: the whole drawing is what the model reads now."""
    drawing = drawn(PAD)
    if 0 < len(drawing) <= LONGEST_IN_LINK:
        selection.update(text=drawing)
    elif drawing:
        _keep(slug, lambda: ink.picture(drawing))


def _take(slug: str, key: str, read: Callable[[bytes], Picture | Sound]) -> None:
    """A file or a recording has come."""
    if (file := st.session_state.get(key)) is not None:
        chosen()
        _keep(slug, lambda: read(file.getvalue()))


def _keep(slug: str, make: Callable[[], Picture | Sound]) -> None:
    """Select it, unless the model cannot read it."""
    try:
        source = make()
        runtime.get(slug).read(source)
        selection.update(text=runtime.keep(source))
    except ValueError as error:
        st.session_state[_WRONG] = str(error)
