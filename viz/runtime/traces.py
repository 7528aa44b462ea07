"""Runs of a model that a page waits for; each is remembered."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from headlight.model import Edits, Model, Trace
from headlight.model.analysis.alignment.reference import Reference, reference
from headlight.model.analysis.attribution import rollout
from headlight.model.analysis.attribution.direct import Share, attribute
from headlight.model.analysis.heads.opening import Opening
from headlight.model.analysis.heads.opening import opening as choose
from headlight.model.analysis.stream import logit_lens as lenses
from headlight.model.analysis.walk import Cell, Step
from headlight.model.analysis.walk import walk as walk_steps
from headlight.model.decoding import Beam, Given, Greedy, Hypothesis, Strategy
from headlight.model.run.arrays import Array
from headlight.model.run.size import expected_nbytes

from .computing import remembered
from .heads import shipped_atlas
from .limits import check_text
from .server import server
from .sources import source_of

GREEDY = Greedy()
FEW = 100
"""Source and target tokens together up to which what follows from one trace is short work."""
ROOM = 20
"""Tokens that a long forced text leaves for going on, where the model has positions for them."""
DOING = "Running the model …"
"""What a page says meanwhile; only when it takes longer than a moment, so that nothing flickers."""


def run(
    loaded: Model,
    text: str,
    *,
    strategy: Strategy = GREEDY,
    max_len: int | None = None,
    prefix: Sequence[int] = (),
    edits: Edits = Edits(),
    doing: str = DOING,
) -> Trace:
    """`Model.run`, remembered; `doing` is said on the page when it takes longer than a moment.

    Raises:
        ValueError: as `Model.run`, or the text is longer than a page takes; sentences for the page.
    """
    check_text(text, server().limits)
    source = source_of(loaded, text)
    key = ("run", loaded.digest, text, strategy, max_len, tuple(prefix), edits)
    return remembered(
        key,
        lambda: loaded.run(source, strategy=strategy, max_len=max_len, prefix=prefix, edits=edits),
        doing,
        expected=expected_nbytes(loaded, source, max_len),
    )


def teacher_force(
    loaded: Model, text: str, target: str | Sequence[int], *, edits: Edits = Edits()
) -> Trace:
    """`Model.teacher_force`, remembered.

    Raises:
        ValueError: as `Model.teacher_force`, or a text is longer than a page takes.
    """
    check_text(text, server().limits)
    if isinstance(target, str):
        check_text(target, server().limits, "target text")
    given = target if isinstance(target, str) else tuple(target)
    source = source_of(loaded, text)
    return remembered(
        ("teacher_force", loaded.digest, text, given, edits),
        lambda: loaded.teacher_force(source, target, edits=edits),
        DOING,
        expected=expected_nbytes(loaded, source, len(given) + 1),
    )


def is_short(trace: Trace) -> bool:
    """Whether what follows from a trace is short work."""
    return len(trace.src) + len(trace.tgt_in) <= FEW


def logit_lens(loaded: Model, trace: Trace) -> lenses.LogitLens:
    """What each decoder layer would say."""
    loaded.check_trace(trace)
    key = ("logit_lens", trace.digest, trace.source, trace.tgt_in.ids, trace.edits)
    return remembered(
        key,
        lambda: lenses.logit_lens(loaded, trace),
        "Asking every layer …",
        light=is_short(trace),
    )


def opening(loaded: Model, trace: Trace, kind: str | None = None) -> Opening:
    """`model.analysis.heads.opening.opening`, remembered: which head a page opens."""
    key = ("opening", loaded.digest, trace.source, trace.tgt_out.ids, kind)
    return remembered(
        key, lambda: choose(loaded, trace, shipped_atlas(loaded), kind), "", light=is_short(trace)
    )


def links(loaded: Model, trace: Trace) -> Reference | None:
    """`model.analysis.alignment.reference.reference`, remembered: where written words come from."""
    if trace.edits:
        return None
    key = ("reference", loaded.digest, trace.source, trace.tgt_out.ids)
    return remembered(
        key,
        lambda: (reference(loaded, trace, measure=True),),
        DOING,
        light=is_short(trace),
    )[0]


def walk(loaded: Model, trace: Trace, cell: Cell) -> tuple[Step, ...]:
    """Every step between the two tokens of a cell; quick, and its numbers are made when shown.

    Raises:
        ValueError: as `model.analysis.walk.walk`.
    """
    return walk_steps(loaded, trace, cell)


def shares(
    loaded: Model, trace: Trace, row: int, token: int, against: int | None = None
) -> tuple[Share, ...]:
    """Direct logit attribution: what each part of the model wrote into a token's logit."""
    key = ("shares", trace.digest, trace.source, trace.tgt_in.ids, trace.edits)
    return remembered(
        (*key, row, token, against),
        lambda: tuple(attribute(loaded, trace, row, token, against=against)),
        "",
        light=is_short(trace),
    )


def source_share(loaded: Model, trace: Trace) -> Array:
    """[T]: the part of each step that came from the source, by ALTI+."""
    key = ("source_share", trace.digest, trace.source, trace.tgt_in.ids, trace.edits)
    return remembered(key, lambda: rollout.source_share(loaded, trace), "", light=is_short(trace))


def write(
    loaded: Model, text: str, strategy: Strategy = GREEDY, prefix: Sequence[int] = ()
) -> Trace:
    """What a strategy writes behind forced tokens; a long prefix gets room to go on."""
    forced = tuple(prefix)
    if forced and forced[-1] == loaded.config.eos_id:  # the end itself is forced
        strategy = Given(Hypothesis(forced, 0.0, True), strategy.label)
    elif isinstance(strategy, Beam):  # its tree is kept, so what it found is traced as it is
        found = replace(search(loaded, text, strategy, forced), tree=None)
        strategy = Given(found, strategy.label)
    return run(loaded, text, strategy=strategy, max_len=_room(loaded, text, forced), prefix=forced)


def search(loaded: Model, text: str, beam: Beam, prefix: Sequence[int] = ()) -> Hypothesis:
    """The best hypothesis of a beam search, with its whole `tree`; remembered."""
    check_text(text, server().limits)
    forced = tuple(prefix)
    source, room = source_of(loaded, text), _room(loaded, text, forced)
    return remembered(
        ("search", loaded.digest, text, beam, forced),
        lambda: loaded.decode(loaded.read(source), strategy=beam, max_len=room, prefix=forced),
        "Searching …",
    )


def path(loaded: Model, text: str, ids: Sequence[int], label: str) -> Trace:
    """The trace of exactly these target tokens, such as the way to a node of a search."""
    return run(loaded, text, strategy=Given(Hypothesis(tuple(ids), 0.0, False), label))


def _room(loaded: Model, text: str, prefix: tuple[int, ...]) -> int | None:
    """Most target tokens; None for the usual number, where the prefix leaves enough of it."""
    usual = 2 * len(loaded.read(source_of(loaded, text))) + 20
    if len(prefix) + ROOM <= usual:
        return None
    return min(len(prefix) + ROOM, loaded.config.max_positions)


RUNS = 3
"""Decodings that are timed; the median counts."""


class Speed(NamedTuple):
    """One decoding, timed: what it found, and the seconds that the median of the runs took."""

    hypothesis: Hypothesis
    seconds: float


def timed(
    loaded: Model, text: str, strategy: Strategy, prefix: tuple[int, ...], take: int
) -> Speed:
    """Decode without a trace and take the time, encoder included; another `take` measures again."""
    check_text(text, server().limits)
    source, room = source_of(loaded, text), _room(loaded, text, prefix)

    def make() -> Speed:
        src = loaded.read(source)
        seconds = []
        for _ in range(RUNS):
            start = time.perf_counter()
            found = loaded.decode(src, strategy=strategy, max_len=room, prefix=prefix)
            seconds.append(time.perf_counter() - start)
        return Speed(found, statistics.median(seconds))

    key = ("timed", loaded.digest, text, strategy, prefix, take)
    return remembered(key, make, "Decoding, and taking the time …")
