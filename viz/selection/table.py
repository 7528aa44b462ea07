"""Every parameter that a link can carry: one row each. A new parameter is a new row.

Python reads this table; the browser reads the same one as JSON (`export`). In the address a value
is a short string that stays when the words on the screen change.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from headlight.model import KINDS
from headlight.model.decoding.beam import LARGEST, STRONGEST
from headlight.model.decoding.sampling import COLDEST, HOTTEST, MAX_SEEDS

Type = Literal["choice", "set", "number", "whole", "text", "switch", "index", "cell", "ids"]

EXPLORE, DECODE, INSIDE = "explore", "decode", "inside"
HEADS, LEARN, TRAINING = "heads", "learn", "training"
INTERVENTIONS = "interventions"
EVERY = "*"
"""Used by all pages, also by those to come."""

ON, OFF = "1", "0"
"""What a switch says in the address."""


@dataclass(frozen=True)
class Param:
    """One parameter.

    Attributes:
        name: in the address, and the key of the widget that mirrors it.
        type: how its value reads: one of `options`, several with commas between them, a number, any
            text, "1" or "0", a position counted from zero, the lens's `row-column`, token ids with
            dashes between them.
        words: what it chooses, for people.
        pages: the pages that use it.
        default: what holds when it is absent; "" where that follows from the model, the text or the
            page.
        options: all allowed values; empty where they follow from the model, the text or the page.
        low, high: the range of a number.
        allowed: the range in words, where numbers alone would not say it.
        of_text: it means something for one model and text only, and goes when either changes.
        always: when it was chosen it stands in the address, even where it is the default.
        continuous: changes that follow each other at once are one step of the Back button.
        lens: its name in the lens's own state, for what the browser chooses there.
        own: it is this browser's alone: links for others and a class that follows go without it.
    """

    name: str
    type: Type
    words: str
    pages: tuple[str, ...]
    default: str = ""
    options: tuple[str, ...] = ()
    low: float = -math.inf
    high: float = math.inf
    allowed: str = ""
    of_text: bool = False
    always: bool = False
    continuous: bool = False
    lens: str = ""
    own: bool = False

    def on(self, page: str) -> bool:
        """Whether a page uses it."""
        return page in self.pages or EVERY in self.pages


def _choice(name: str, words: str, pages: str, *options: str, lens: str = "") -> Param:
    """One of a few fixed options; the first is the default."""
    default = options[0] if options else ""
    return Param(name, "choice", words, _pages(pages), default, options, lens=lens)


def _open(name: str, words: str, pages: str, *, of_text: bool = False, lens: str = "") -> Param:
    """One of options that the page knows."""
    return Param(name, "choice", words, _pages(pages), of_text=of_text, lens=lens)


def _index(name: str, words: str, pages: str, *, of_text: bool = False, lens: str = "") -> Param:
    return Param(name, "index", words, _pages(pages), of_text=of_text, lens=lens)


def _number(name: str, words: str, pages: str, default: float, low: float, high: float) -> Param:
    return Param(name, "number", words, _pages(pages), str(default), low=low, high=high)


def _whole(name: str, words: str, pages: str, default: int, low: int, high: int) -> Param:
    return Param(name, "whole", words, _pages(pages), str(default), low=low, high=high)


def _text(name: str, words: str, pages: str, *, of_text: bool = False) -> Param:
    return Param(name, "text", words, _pages(pages), of_text=of_text)


def _ids(name: str, words: str) -> Param:
    return Param(name, "ids", words, (DECODE,), of_text=True)


def _switch(name: str, words: str, pages: str, default: str = OFF) -> Param:
    return Param(name, "switch", words, _pages(pages), default)


def _pages(names: str) -> tuple[str, ...]:
    return tuple(names.split())


HEAD_PAGES = f"{EXPLORE} {DECODE} {INSIDE} {TRAINING} {INTERVENTIONS}"
CELL_PAGES = INSIDE

PARAMETERS = (
    # What every page starts from.
    Param("model", "choice", "model", (EVERY,), always=True),
    Param("text", "text", "source text", (EVERY,), always=True),
    _open("from", "source language", EVERY),
    _open("to", "target language", EVERY),
    _open("do", "task of the model", EVERY),
    Param("present", "switch", "presenting", (EVERY,), OFF, own=True),
    Param("class", "text", "class that is attended", (EVERY,), own=True),
    # Which head, and which of its weights.
    Param(
        "kind",
        "choice",
        "kind of attention",
        _pages(HEAD_PAGES),
        "cross",
        KINDS,
        always=True,
        lens="kind",
    ),
    _index("layer", "layer", HEAD_PAGES, lens="layer"),
    _index("head", "head", HEAD_PAGES, lens="head"),
    _index("query", "query position (row)", CELL_PAGES, of_text=True),
    _index("key", "key position (column)", CELL_PAGES, of_text=True),
    Param("pin", "cell", "pinned cell", (EXPLORE,), of_text=True, lens="pin"),
    # How the lens shows it.
    _choice("m", "measure of a cell", EXPLORE, "weights", "raw", "masked", "norm", lens="measure"),
    _choice("h", "one head or all together", EXPLORE, "one", "mean", "max", lens="heads"),
    _choice("u", "pieces or whole words", EXPLORE, "pieces", "words", lens="unit"),
    _choice("sp", "special tokens", EXPLORE, "shown", "hidden", lens="special"),
    _choice("r", "what names a row", EXPLORE, "both", "reads", "writes", lens="rows"),
    _choice("sc", "colour scale", EXPLORE, "fixed", "head", lens="scale"),
    _choice(
        "so", "order of the heads", EXPLORE, "layer", "entropy", "diagonal", "first", lens="sort"
    ),
    Param(
        "th",
        "number",
        "least weight of a line",
        (EXPLORE,),
        "0.05",
        low=0,
        high=1,
        continuous=True,
        lens="threshold",
    ),
    _text("compare", "second sentence", f"{EXPLORE} {INTERVENTIONS}"),
    _open("other", "second model", EXPLORE),
    _open("times", "times among the words", EVERY),
    # Decoding.
    _choice("view", "part of Decode", DECODE, "steps", "strategies", "forcing"),
    _open("strategy", "decoding strategy", DECODE),
    _number("temperature", "temperature", DECODE, 1.0, COLDEST, HOTTEST),
    _whole("top_k", "top-k", DECODE, 0, 0, 1_000_000),
    Param(
        "top_p",
        "number",
        "top-p",
        (DECODE,),
        "1.0",
        low=math.ulp(0),
        high=1,
        allowed="above 0, up to 1",
    ),
    _whole("seed", "seed", DECODE, 0, 0, MAX_SEEDS - 1),
    _whole("beam", "beam size", DECODE, 5, 1, LARGEST),
    _number("penalty", "length penalty", DECODE, 0.6, 0, STRONGEST),
    _whole("n_best", "results returned", DECODE, 1, 1, LARGEST),
    _index("step", "step", DECODE, of_text=True),
    Param(
        "over",
        "choice",
        "heads that are shaded",
        (DECODE,),
        "all",
        ("all", "layer", "head"),
        always=True,
    ),
    _ids("forced", "forced tokens"),
    _ids("path", "way through the beam's tree"),
    _text("target", "given target text", DECODE, of_text=True),
    # Inside a head.
    _choice(
        "section",
        "part of Inside a head",
        INSIDE,
        "follow",
        "matrices",
        "places",
        "break",
        "layers",
        "words",
    ),
    _choice("stages", "steps that are open", INSIDE, "heart", "all"),
    _index("row", "row of the logit lens", INSIDE, of_text=True),
    _open("token", "token that is explained", INSIDE, of_text=True),
    _open("against", "token it is compared with", INSIDE, of_text=True),
    _choice("dims", "dimensions of the map", INSIDE, "2", "3"),
    _text("find", "token that is looked for", INSIDE),
    _choice("span", "positions that are shown", INSIDE, "64", "sentence", "all"),
    # Heads at work.
    _choice("part", "part of Heads at work", HEADS, "map", "lab", "pruning", "sources", "search"),
    _open("measure", "measure of a head", f"{HEADS} {TRAINING}"),
    _open("on", "corpus that is measured", HEADS),
    _choice("silenced_by", "what replaces a head's output", HEADS, "zero", "mean"),
    _open("way", "method of attribution", HEADS),
    _index("written", "output token", HEADS, of_text=True),
    Param(
        "seek_kind",
        "choice",
        "kind of attention that is searched",
        (HEADS,),
        "cross",
        ("cross", "encoder_self", "decoder_self"),
    ),
    _open("seek_head", "head that is searched", HEADS),
    _open("seek", "pattern that is sought", HEADS),
    _whole("far", "distance in words", HEADS, 4, 0, 50),
    Param("above", "number", "least weight", (HEADS,), "0.8", low=0, high=0.99, continuous=True),
    # Interventions.
    _text("edits", "edits", f"{EXPLORE} {INTERVENTIONS} {INSIDE} {HEADS}"),
    _choice("act", "part of Interventions", INTERVENTIONS, "patch", "steer"),
    _choice("second_run", "where values come from", INTERVENTIONS, "text", "noise"),
    _choice("second_target", "what the second source writes", INTERVENTIONS, "own", "first"),
    Param("noise_at", "set", "positions that get noise", (INTERVENTIONS,), of_text=True),
    _number("noise_scale", "standard deviation of the noise", INTERVENTIONS, 3.0, 0.5, 10),
    _whole("noise_seed", "seed of the noise", INTERVENTIONS, 0, 0, 9_999),
    _choice(
        "patched", "what a patch brings over", INTERVENTIONS, "stream", "heads", "blocks", "paths"
    ),
    _open("sender", "head that a path begins at", INTERVENTIONS),
    _choice("way_of_patch", "direction of the patch", INTERVENTIONS, "into", "from"),
    _open("metric_of_patch", "metric of the patch", INTERVENTIONS),
    _text("token_of_patch", "token that is measured", INTERVENTIONS, of_text=True),
    _text("against_of_patch", "token it is measured against", INTERVENTIONS, of_text=True),
    _choice("align", "how positions are paired", INTERVENTIONS, "word", "position", "hand"),
    _text("pairs", "source positions paired by hand", INTERVENTIONS, of_text=True),
    _text("pairs_target", "target rows paired by hand", INTERVENTIONS, of_text=True),
    _index("row_of_patch", "row that is looked at", INTERVENTIONS, of_text=True),
    _index("patch_cell", "patch whose text is shown", INTERVENTIONS, of_text=True),
    _choice("steer_by", "direction to steer by", INTERVENTIONS, "sentences", "token", "head"),
    _open("steer_at", "layer that is steered", INTERVENTIONS),
    _open("steer_place", "position that is steered", INTERVENTIONS, of_text=True),
    _text("steer_to", "token to steer to", INTERVENTIONS),
    _open("steer_head", "head whose output steers", INTERVENTIONS),
    Param(
        "strength",
        "number",
        "strength of steering",
        (INTERVENTIONS,),
        "2.0",
        low=-100,
        high=100,
        continuous=True,
    ),
    # Learn.
    _choice("learn", "part of Learn", LEARN, "lessons", "predict", "notes"),
    _open("lesson", "lesson", LEARN),
    _open("game", "game", LEARN),
    _whole("turn", "question of the game", LEARN, 0, 0, 999_999),
    _text("force", "target answer", LEARN),
    _text("shown", "question whose answer is shown", LEARN, of_text=True),
    # Training.
    _open("training", "part of Training", TRAINING),
    _open("film", "recorded sentence", TRAINING),
    Param("train_step", "whole", "training step", (TRAINING,), low=0, continuous=True),
    Param("train_versus", "whole", "training step beside it", (TRAINING,), low=0, continuous=True),
    _open("live_task", "task to train on", TRAINING),
    _open("live_layers", "layers in each stack", TRAINING),
    _open("live_heads", "heads in each layer", TRAINING),
    _open("live_width", "width of the residual stream", TRAINING),
    _choice("live_norm", "layer norm", TRAINING, "before", "after"),
    _switch("live_positions", "positions are added", TRAINING, ON),
)
"""The table, in the order in which an address names them."""

BY_NAME = {param.name: param for param in PARAMETERS}
OWN = tuple(param.name for param in PARAMETERS if param.own)
"""The names of what is this browser's alone."""


def param(name: str) -> Param:
    """The row of this name.

    Raises:
        KeyError: there is none.
    """
    if name not in BY_NAME:
        raise KeyError(f"no parameter “{name}”: add its row to viz/selection/table.py")
    return BY_NAME[name]


def on_page(page: str) -> Iterable[Param]:
    """The rows that a page uses."""
    return (one for one in PARAMETERS if one.on(page))
