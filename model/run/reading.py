"""What a network with a front takes of a picture or a sound, and how its positions are named.

Letters in shapes: H rows, W columns.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor

from ..network.front_shapes import FrontShape, MelShape
from . import speech
from .log_mel import LogMel, log_mel
from .pictures import fit, strip_of
from .sounds import at_rate
from .sources import AnySource, Picture, Sound
from .tokens import Tokens

LONGEST_SECONDS = 8.0
"""Of a sound that is read with `LogMel`'s settings."""

_ARTICLES = {"text": "a text", "picture": "a picture", "sound": "a sound"}


def kind_of(front: FrontShape | None) -> str:
    """What a model with this front reads: "text", "picture" or "sound"."""
    return "text" if front is None else front.source


def kind_of_source(source: AnySource | None) -> str:
    """What this is: "text", "picture" or "sound"; nothing beside a text is one, too."""
    return {Picture: "picture", Sound: "sound"}.get(type(source), "text")


def check_kind(source: AnySource, front: FrontShape | None) -> None:
    """Refuse a source of another kind than the model reads.

    Raises:
        ValueError: what was given, and what to give.
    """
    given, reads = kind_of_source(source), kind_of(front)
    if given != reads:
        how = {
            "text": "Give it a text.",
            "picture": "Give it a headlight.Picture(pixels).",
            "sound": "Give it a headlight.Sound(samples, rate).",
        }
        raise ValueError(
            f"This model reads {_ARTICLES[reads]}, not {_ARTICLES[given]}. {how[reads]}"
        )


def columns_of(source: Picture | Sound, front: FrontShape | None = None) -> Tensor:
    """[H, W] float32 in [0, 1]: the pixels of a strip, or log-mel energies every 10 ms.

    Args:
        front: who reads it; a Whisper's has frames of its own (`speech.window`).

    Raises:
        ValueError: a picture or a sound with nothing on it, or too long a one.
    """
    if isinstance(front, MelShape) and isinstance(source, Sound):
        return speech.window(source, front)
    if isinstance(source, Picture):
        return torch.from_numpy(fit(source.pixels).astype("float32") / 255)
    if source.seconds > LONGEST_SECONDS:
        raise ValueError(
            f"The sound lasts {source.seconds:.1f} seconds; this model hears at most "
            f"{LONGEST_SECONDS:.0f}. Cut it, or say fewer digits."
        )
    if not source.samples.any():
        raise ValueError("The sound is silent: there is nothing to hear.")
    settings = LogMel()
    return log_mel(torch.from_numpy(at_rate(source, settings.rate)), settings)


MARGIN_NAME = "margin"
"""Of a position that stands for none of a picture's own columns."""


def columns_name(picture: Picture, start: float, end: float) -> str:
    """Columns of a picture, `start` up to and without `end`, as they are named."""
    first, last = max(round(start), 0), min(round(end), picture.pixels.shape[1]) - 1
    if last < first:
        return MARGIN_NAME
    return f"{first}–{last}" if last > first else f"{first}"


def read_positions(source: Picture | Sound, shape: FrontShape) -> Tokens:
    """One "token" for each position of the encoder, named by where on the source it stands.

    Raises:
        ValueError: as `columns_of`.
    """
    if isinstance(shape, MelShape):
        assert isinstance(source, Sound), "check_kind has seen to it"
        return speech.read_speech(source, shape)
    n, per = columns_of(source).size(1), shape.columns
    edges = [*range(0, n, per), n]
    if isinstance(source, Picture):
        text = f"picture {source.pixels.shape[1]} columns wide"
        places = [*pairwise(map(strip_of(source.pixels).on_picture, edges))]
        pieces = [columns_name(source, *place) for place in places]
    else:
        text, step = f"sound of {source.seconds:.2f} seconds", LogMel().seconds
        ends = [min(at * step, source.seconds) for at in edges]
        ends[-1] = max(ends[-1], ends[-2] + step)  # the last frame may stand on the very end
        places = [*pairwise(ends)]
        pieces = [f"{start:.2f} s" for start, _ in places]
    return Tokens(
        text=text,
        ids=(0,) * len(pieces),
        pieces=tuple(pieces),
        spans=((len(text), len(text)),) * len(pieces),
        words=tuple(range(len(pieces))),
        special=(False,) * len(pieces),
        source=source,
        places=tuple(places),
    )
