"""From columns of a picture or frames of a sound to the vector that a position starts from."""

from __future__ import annotations

from headlight.model.analysis.walk import Place, Step
from headlight.model.network.front_shapes import PatchesShape
from headlight.model.run.pictures import strip_of
from headlight.model.run.reading import MARGIN_NAME, columns_name
from headlight.model.run.source_image import image_of
from headlight.model.run.sources import Picture

from .explanation import Explanation

NORMED = r"\operatorname{LN} \, "


def columns(place: Place, step: Step) -> Explanation:
    """The columns that a position sees, and what the convolutions make of them."""
    shape, i = place.model.config.front, place.index(step.role)
    assert isinstance(shape, PatchesShape)
    start, beyond = shape.window(i)
    width = image_of(place.trace.src).pixels.shape[1]
    end = min(beyond, width)
    seen = f"{end - start} columns {start} to {end - 1}"
    source = place.trace.source
    if isinstance(source, Picture) and strip_of(source.pixels).scaled:
        seen += " of the strip that was made of it, which has 28 rows"
    if beyond > width:
        seen += ", and nothing behind the end, where all is 0"
    n = len(shape.channels)
    twice = f" and {n} more, each added to what it reads," if shape.residual else ","
    return Explanation(
        title=f"The {step.role}'s part of the {shape.source}",
        formula=(
            r"\begin{aligned} x_0 &= \text{columns} \\[2pt] "
            rf"{_layer(shape)} \\[2pt] f &= x_{n} \end{{aligned}}"
        ),
        sentence=(
            f"Position {i} stands for {_stands_for(place, i)}. Through {n} convolutions{twice} "
            "which look for small shapes, it sees more than that: "
            f"the {seen}. {_COLUMN[shape.source]} What "
            "they find at this position are its features."
        ),
    )


def _layer(shape: PatchesShape) -> str:
    """How a layer of convolutions makes x of the next one."""
    norm = NORMED if shape.norm else ""
    found = rf"\operatorname{{relu}}({norm}\operatorname{{conv}}_n(x_n))"
    if not shape.residual:
        return f"x_{{n+1}} &= {found}"
    added = r"\operatorname{relu}(y_n + \operatorname{conv}'_n(y_n))"
    return rf"y_n &= {found} \\[2pt] x_{{n+1}} &= {added}"


_COLUMN = {
    "picture": "A column holds its pixels from top to bottom, ink as 1.",
    "sound": "There is a column every hundredth of a second; it holds how loud each band of pitch "
    "is around that moment, the lowest band first.",
}


def _stands_for(place: Place, i: int) -> str:
    first, last = place.trace.src.places[i]
    if isinstance(source := place.trace.source, Picture):
        named = columns_name(source, first, last)
        return f"the {named}" if named == MARGIN_NAME else f"columns {named} of the picture"
    return f"the time from {first:.2f} to {last:.2f} seconds"


def front(place: Place, step: Step) -> Explanation:
    """The linear map behind the convolutions."""
    return Explanation(
        title=f"The {step.role}'s features become a vector",
        formula=r"\text{embed} = f W + b",
        sentence=(
            "One linear map turns the features into a vector of the stream, as the embedding "
            "table does with a token."
        ),
    )


def frames(place: Place, step: Step) -> Explanation:
    """The frames that a position of a Whisper sees, and the first convolution."""
    n_bands, i = len(step.inputs[0].values), place.index(step.role)
    outside = i in (0, len(place.trace.src) - 1)
    return Explanation(
        title=f"The {step.role}'s part of the sound",
        formula=r"h_t = \operatorname{gelu}([f_{t-1};\, f_t;\, f_{t+1}] \, W + b)",
        sentence=(
            f"Position {i} stands for {_stands_for(place, i)}. A frame says how loud each of "
            f"{n_bands} bands of pitch is every hundredth of a second, on a logarithmic scale, the "
            "lowest band first. The first convolution makes one vector of every three frames "
            "next to each other; through three such vectors the position sees five frames."
            + " What would lie outside the window is zero."
            * outside
        ),
    )


def convolution(place: Place, step: Step) -> Explanation:
    """The second convolution, which gives the vector."""
    return Explanation(
        title=f"The {step.role}'s three vectors become one",
        formula=r"\text{embed} = \operatorname{gelu}([h_{2i-1};\, h_{2i};\, h_{2i+1}] \, W + b)",
        sentence=(
            "The second convolution moves on by two frames at a time, so that a position is a "
            "fiftieth of a second; its vector is what the embedding table gives for a token."
        ),
    )


EXPLAIN = {"columns": columns, "front": front, "frames": frames, "convolution": convolution}
