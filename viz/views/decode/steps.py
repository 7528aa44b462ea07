"""Step through: one decoding under the hand, its forks, and the tree of a beam search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from streamlit.delta_generator import DeltaGenerator

from headlight.model import Trace
from headlight.model.analysis.interventions.first_difference import first_difference, head_shifts
from headlight.model.decoding import Beam, Sampling, Strategy
from headlight.model.decoding.forks import ROOT, Prefix

from ... import runtime, selection
from ...components.steps import Branch, Comparison, encode_steps, steps
from ...page.context import RunContext
from . import options, tree
from .kept import Decoding, as_ids, decoding

HEADS_SHOWN = 8


def draw(context: RunContext, top: DeltaGenerator) -> None:
    """Strategy, step view, and below it the tree of a beam search.

    Args:
        top: the row above, which takes the choice of strategy.
    """
    strategy = options.pick(top, context.model.strategy)
    kept = start(context)
    found = None
    if isinstance(strategy, Beam):  # before the run of what it finds, which may push it out
        found = runtime.search(context.model, context.text, strategy, kept.current).tree
    trace = shown(context, strategy, kept)
    check_link(trace)
    steps(_payload(context, strategy, kept, trace), lambda event: act(context, kept, event))
    if found is not None and found.nodes:
        tree.draw(context, found, kept, trace.tgt_out.ids)


def start(context: RunContext) -> Decoding:
    """What is kept for the text, showing the branch that is selected."""
    kept = decoding(context.model.digest, context.text)
    kept.current = _selected(context, "forced")
    kept.path = _selected(context, "path") or None
    if kept.current != ROOT and kept.current not in kept.forks:
        kept.forks = kept.forks.add(kept.current, ROOT, _parting(context.trace, kept.current))
    return kept


def _selected(context: RunContext, name: str) -> Prefix:
    """Token ids that are selected; what cannot be forced of a link is told of."""
    try:
        ids = as_ids(selection.current()[name])
        _check(context, ids, whole=name == "path")
    except ValueError as error:
        reason = str(error)
        selection.drop(name, reason[0].lower() + reason[1:])
        return ROOT
    return ids


def check_link(trace: Trace) -> None:
    """Tell of a step or a head in the link that is not there; the step view reads the rest."""
    selection.settle(over=selection.choice("over"))  # named, or a head would say it
    selection.index("step", len(trace.tgt_out))
    selection.index("layer", trace.n_layers("cross"))
    selection.index("head", trace.n_heads)


def shown(context: RunContext, strategy: Strategy, kept: Decoding) -> Trace:
    """The trace in the step view: the current branch, or a way through the beam's tree."""
    if kept.path and isinstance(strategy, Beam) and kept.path[: len(kept.current)] == kept.current:
        return runtime.path(context.model, context.text, kept.path, "a way through the beam's tree")
    return runtime.write(context.model, context.text, strategy, kept.current)


def act(context: RunContext, kept: Decoding, event: Mapping[str, Any]) -> None:
    """Do what was pressed in the step view; what cannot be done leaves everything as it is."""
    kept.said = ""
    try:
        _do(context, kept, event)
        kept.select()
    except ValueError as error:
        kept.said = f"{error} Nothing has changed."


def _do(context: RunContext, kept: Decoding, event: Mapping[str, Any]) -> None:
    prefix = _ids(event.get("prefix", ()))
    match event.get("do"):
        case "fork":
            grow(context, kept, prefix)
        case "type":
            typed = context.model.target_ids(str(event.get("text", "")), context.trace.src)
            grow(context, kept, (*prefix, *typed))
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


def _ids(said: object) -> Prefix:
    """Token ids as the browser says them; none where it says something else."""
    if not isinstance(said, list | tuple) or not all(type(one) is int for one in said):
        return ()
    return tuple(said)


def grow(context: RunContext, kept: Decoding, prefix: Prefix) -> None:
    """A fork at these forced tokens, shown at once.

    Raises:
        ValueError: tokens that cannot be forced, or a tree that is full.
    """
    _check(context, prefix)
    strategy = options.last_strategy() or runtime.GREEDY
    parent = kept.current
    step = _parting(shown(context, strategy, kept), prefix)
    kept.forks = kept.forks.add(prefix, parent, step)
    kept.current, kept.path = prefix, None
    kept.select(step)


def _check(context: RunContext, ids: Prefix, whole: bool = False) -> None:
    """Raises `ValueError` for ids that cannot be forced; `whole` ones need no room to go on."""
    loaded = context.model
    most = loaded.config.max_positions - (0 if whole else 1)
    if len(ids) > most:
        raise ValueError(
            f"The forced text has {len(ids):,} tokens; at most {most:,} leave this model room to "
            "go on. Shorten it."
        )
    never = loaded.never_written
    wrong = next((i for i in ids if not 0 <= i < loaded.config.d_vocab or i in never), None)
    if wrong is not None:
        raise ValueError(f"Token id {wrong} cannot be written by this model.")
    if loaded.config.eos_id in ids[:-1]:
        raise ValueError("Nothing can be forced after the end of the text, the token <eos>.")


def _parting(trace: Trace, prefix: Prefix) -> int:
    """The first step at which a forced text differs from what was written."""
    written = trace.tgt_out.ids
    same = zip(prefix, written, strict=False)
    return next((t for t, (a, b) in enumerate(same) if a != b), min(len(prefix), len(written)) - 1)


def _payload(context: RunContext, strategy: Strategy, kept: Decoding, trace: Trace) -> bytes:
    """Everything that the step view shows, as bytes."""
    loaded = context.model
    never = loaded.never_written
    drawn = None
    if isinstance(strategy, Sampling):
        drawn = strategy.distribution(trace.log_probs, never)
    branches = [
        _branch(context, strategy, prefix, depth, step) for prefix, depth, step in _rows(kept)
    ]
    said, kept.said = kept.said, ""  # said once
    return encode_steps(
        trace,
        loaded.tokenizer.piece,
        runtime.source_share(loaded, trace),
        forced=len(kept.current),
        never=never,
        drawn=drawn,
        branches=branches,
        current=kept.current,
        comparison=_comparison(context, strategy, kept, trace),
        options={
            "strategy": strategy.label,
            "said": said,
        },
    )


def _rows(kept: Decoding) -> Sequence[tuple[Prefix, int, int]]:
    """(prefix, depth, step) of the root and of every fork, as the tree is drawn."""
    return [(ROOT, 0, 0), *((fork.prefix, depth, fork.step) for fork, depth in kept.forks.walk())]


def _branch(
    context: RunContext, strategy: Strategy, prefix: Prefix, depth: int, step: int
) -> Branch:
    trace = runtime.write(context.model, context.text, strategy, prefix)
    total = float(trace.chosen_log_probs.sum())
    return Branch(prefix, depth, step, trace.tgt_out, total, trace.finished)


def _comparison(
    context: RunContext, strategy: Strategy, kept: Decoding, trace: Trace
) -> Comparison | None:
    if kept.other is None or kept.other == kept.current:
        return None
    other = runtime.write(context.model, context.text, strategy, kept.other)
    heads = tuple(head_shifts(trace, other)[:HEADS_SHOWN])
    return Comparison(kept.other, first_difference(trace, other), heads)
