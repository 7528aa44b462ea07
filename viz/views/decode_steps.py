"""Step through: one decoding under the hand, its forks, and the tree of a beam search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from streamlit.delta_generator import DeltaGenerator

from headlight.model import Trace
from headlight.model.analysis.interventions.first_difference import head_shifts, parting
from headlight.model.decoding import Beam, Sampling, Strategy
from headlight.model.decoding.forks import ROOT, Prefix

from .. import address, runtime, state
from ..components.steps import Branch, Comparison, encode_steps, steps
from ..state import Decoding
from . import decode_options, decode_tree
from .bench import Bench

HEADS_SHOWN = 8
BOTH_SHOWN = ("cross", "decoder_self")
"""The kinds whose weights the step view shades, side by side and for the same layer and head."""
OVERS = ("all", "layer", "head")
"""Whose attention it shades; as in `viz/steps/js/player.js`."""


def draw(bench: Bench, top: DeltaGenerator) -> None:
    """Strategy, step view, and below it the tree of a beam search.

    Args:
        top: the row above, which takes the choice of strategy.
    """
    strategy = decode_options.pick(top)
    kept = start(bench)
    trace = shown(bench, strategy, kept)
    look_over_link(trace)
    steps(_payload(bench, strategy, kept, trace), lambda event: act(bench, kept, event))
    if isinstance(strategy, Beam):
        decode_tree.draw(bench, strategy, kept, trace)


def start(bench: Bench) -> Decoding:
    """What is kept for the bench's text; new, it begins with what a link forces."""
    kept, new = state.decoding(bench.model.digest, bench.text)
    if not new:
        return kept
    for name in (state.FORCED, state.PATH):
        asked = address.linked_ids(name)
        if not asked:
            continue
        try:
            ids = tuple(int(part) for part in asked.split("-"))
            _check(bench, ids, whole=name == state.PATH)
        except ValueError as error:
            reason = str(error) if "token" in str(error).lower() else "They are no token ids."
            address.note_unusable(name, asked, reason[0].lower() + reason[1:])
            continue
        if name == state.FORCED:
            kept.forks = kept.forks.add(ids, ROOT, _parting(bench.trace, ids))
            kept.current = ids
        else:
            kept.path = ids
    return kept


def look_over_link(trace: Trace) -> None:
    """Tell of a step or a head in the link that is not there; the step view reads the rest."""
    address.linked(state.KIND, BOTH_SHOWN)
    address.linked(state.STEP, address.numbers(len(trace.tgt_out)))
    address.linked(state.OVER, OVERS)
    address.linked(state.LAYER, address.numbers(trace.n_layers("cross")))
    address.linked(state.HEAD, address.numbers(trace.n_heads))


def shown(bench: Bench, strategy: Strategy, kept: Decoding) -> Trace:
    """The trace in the step view: the current branch, or a way through the beam's tree."""
    if kept.path and isinstance(strategy, Beam) and kept.path[: len(kept.current)] == kept.current:
        return runtime.path(bench.model, bench.text, kept.path, "a way through the beam's tree")
    return runtime.write(bench.model, bench.text, strategy, kept.current)


def act(bench: Bench, kept: Decoding, event: Mapping[str, Any]) -> None:
    """Do what was pressed in the step view; what cannot be done leaves everything as it is."""
    kept.said = ""
    try:
        _do(bench, kept, event)
    except ValueError as error:
        kept.said = f"{error} Nothing has changed."


def _do(bench: Bench, kept: Decoding, event: Mapping[str, Any]) -> None:
    prefix = tuple(int(i) for i in event.get("prefix", ()))
    match event.get("do"):
        case "fork":
            grow(bench, kept, prefix)
        case "type":
            typed = bench.model.target_ids(str(event.get("text", "")), bench.trace.src)
            grow(bench, kept, (*prefix, *typed))
        case "walk" if prefix in kept.forks:
            kept.current, kept.path = prefix, None
        case "cut":
            parent = kept.forks.parent(prefix)
            kept.forks = kept.forks.cut(prefix)
            if kept.current not in kept.forks:
                kept.current = parent if parent in kept.forks else ROOT
            if kept.other is not None and kept.other not in kept.forks:
                kept.other = None
        case "compare" if prefix in kept.forks:
            kept.other = prefix
        case "close":
            kept.other = None


def grow(bench: Bench, kept: Decoding, prefix: Prefix) -> None:
    """A fork at these forced tokens, shown at once.

    Raises:
        ValueError: tokens that cannot be forced, or a tree that is full.
    """
    _check(bench, prefix)
    strategy = state.last_strategy() or runtime.GREEDY
    parent = kept.current
    step = _parting(shown(bench, strategy, kept), prefix)
    kept.forks = kept.forks.add(prefix, parent, step)
    kept.current, kept.path = prefix, None
    kept.step = (kept.step[0] + 1, step)


def _check(bench: Bench, ids: Prefix, whole: bool = False) -> None:
    """Raises `ValueError` for ids that cannot be forced; `whole` ones need no room to go on."""
    loaded = bench.model
    most = loaded.config.max_positions - (0 if whole else 1)
    if len(ids) > most:
        raise ValueError(
            f"The forced text has {len(ids):,} tokens; at most {most:,} leave this model room to "
            "go on. Shorten it."
        )
    never = (loaded.config.pad_id, loaded.config.bos_id)
    wrong = next((i for i in ids if not 0 <= i < loaded.config.d_vocab or i in never), None)
    if wrong is not None:
        raise ValueError(f"Token id {wrong} cannot be written by this model.")
    if loaded.config.eos_id in ids[:-1]:
        raise ValueError("Nothing can be forced behind the end of the text, the token <eos>.")


def _parting(trace: Trace, prefix: Prefix) -> int:
    """The first step at which a forced text differs from what was written."""
    written = trace.tgt_out.ids
    same = zip(prefix, written, strict=False)
    return next((t for t, (a, b) in enumerate(same) if a != b), min(len(prefix), len(written)) - 1)


def _payload(bench: Bench, strategy: Strategy, kept: Decoding, trace: Trace) -> bytes:
    """Everything that the step view shows, as bytes."""
    loaded = bench.model
    never = (loaded.config.pad_id, loaded.config.bos_id)
    drawn = None
    if isinstance(strategy, Sampling):
        drawn = strategy.distribution(trace.log_probs, never)
    branches = [
        _branch(bench, strategy, prefix, depth, step) for prefix, depth, step in _rows(kept)
    ]
    tree = isinstance(strategy, Beam)
    ids = {
        state.FORCED: "-".join(map(str, kept.current)) or None,
        state.PATH: "-".join(map(str, kept.path)) if kept.path and tree else None,
    }
    address.show_ids(**ids)
    said, kept.said = kept.said, ""  # said once
    return encode_steps(
        trace,
        loaded.tokenizer.piece,
        forced=len(kept.current),
        never=never,
        drawn=drawn,
        branches=branches,
        current=kept.current,
        comparison=_comparison(bench, strategy, kept, trace),
        options={
            "strategy": strategy.label,
            "address": ids,
            "go": {"count": kept.step[0], "step": kept.step[1]},
            "said": said,
        },
    )


def _rows(kept: Decoding) -> Sequence[tuple[Prefix, int, int]]:
    """(prefix, depth, step) of the root and of every fork, as the tree is drawn."""
    return [(ROOT, 0, 0), *((fork.prefix, depth, fork.step) for fork, depth in kept.forks.walk())]


def _branch(bench: Bench, strategy: Strategy, prefix: Prefix, depth: int, step: int) -> Branch:
    trace = runtime.write(bench.model, bench.text, strategy, prefix)
    total = float(trace.chosen_log_probs.sum())
    return Branch(prefix, depth, step, trace.tgt_out, total, trace.finished)


def _comparison(
    bench: Bench, strategy: Strategy, kept: Decoding, trace: Trace
) -> Comparison | None:
    if kept.other is None or kept.other == kept.current:
        return None
    other = runtime.write(bench.model, bench.text, strategy, kept.other)
    heads = tuple(head_shifts(trace, other)[:HEADS_SHOWN])
    return Comparison(kept.other, parting(trace, other), heads)
