"""One decoding as a value of bytes for the browser: the lens's format, and what each step weighed.

Letters in shapes: T target positions, S source positions, V d_vocab.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from headlight.model.analysis.interventions.first_difference import HeadShift
from headlight.model.analysis.stream.candidates import candidates
from headlight.model.run.arrays import Array
from headlight.model.run.sources import name_of
from headlight.model.run.tokens import Tokens
from headlight.model.run.trace import Trace

from ...labels import JOINT, token_names
from ..lens.payload import encode
from ..palette import palette

Ids = tuple[int, ...]


@dataclass(frozen=True)
class Branch:
    """One row of the tree of forks.

    Args:
        prefix: what is forced; empty for the text that nothing was forced in.
        depth: 0 for the root.
        step: where it parts from its parent.
        tokens: what was written, forced tokens included.
        log_prob: its sum of log-probabilities, in nats.
        finished: whether it ends in `<eos>`.
    """

    prefix: Ids
    depth: int
    step: int
    tokens: Tokens
    log_prob: float
    finished: bool


@dataclass(frozen=True)
class Comparison:
    """The branch shown beside another one.

    Args:
        other: the prefix of the other branch.
        step: the first step at which they write different tokens; None when they never do.
        heads: the decoder's heads by how far they differ at the step after, most first.
    """

    other: Ids
    step: int | None
    heads: tuple[HeadShift, ...]


def encode_steps(
    trace: Trace,
    piece: Callable[[int], str],
    source_share: Array,
    *,
    forced: int = 0,
    never: Sequence[int] = (),
    drawn: Array | None = None,
    branches: Sequence[Branch] = (),
    current: Ids = (),
    comparison: Comparison | None = None,
    options: Mapping[str, Any] | None = None,
) -> bytes:
    """Everything that the step view shows.

    Args:
        trace: what is stepped through.
        piece: the vocabulary's spelling of a token id.
        source_share: [T], the part of each step that came from the source.
        forced: leading target tokens that were given, not chosen; where the current one is among
            the branches, these say which of them were really forced.
        never: token ids that no strategy writes.
        drawn: probabilities [T, V] that a strategy drew from, where it reshaped the model's.
        branches: the tree of forks, in the order of its rows; `current` is the one shown.
        comparison: two branches side by side.
        options: plain values that are passed on: `strategy`, `address`, `go`, `said`, ...
    """
    decoder_only = {**trace.attention, "encoder_self": ()}  # the encoder's patterns are not drawn
    by_branch = forced_steps(branches)
    here = [s for one, s in zip(branches, by_branch, strict=True) if one.prefix == current]
    header = {
        "palette": palette(),
        "steps": _steps(trace, piece, source_share, never, drawn)
        | {"forced": list(here[0] if here else range(forced))},
        "branches": [
            _branch(one, one.prefix == current) | {"forced": list(steps)}
            for one, steps in zip(branches, by_branch, strict=True)
        ],
        "comparison": _comparison(comparison),
        **dict(options or {}),
    }
    told = [header, trace.digest, name_of(trace.source), trace.tgt_out.ids]
    identity = hashlib.blake2b(json.dumps(told, sort_keys=True).encode(), digest_size=8)
    header["id"] = identity.hexdigest()
    return encode(replace(trace, attention=decoder_only), options=header, norms=False)


def forced_steps(branches: Sequence[Branch]) -> list[tuple[int, ...]]:
    """The steps of each branch that were forced: its own from where it parts, and its parents'.

    What a branch shares with the model's own text before that was chosen, though it is given again.
    """
    found: list[tuple[int, ...]] = []
    above: list[tuple[int, ...]] = []  # of the parents, by depth
    for one in branches:
        del above[one.depth :]
        before = [t for t in (above[-1] if above else ()) if t < one.step]
        above.append((*before, *range(one.step, len(one.prefix))))
        found.append(above[-1])
    return found


def _steps(
    trace: Trace,
    piece: Callable[[int], str],
    source_share: Array,
    never: Sequence[int],
    drawn: Array | None,
) -> dict[str, Any]:
    """A list for each quantity, one entry a step."""
    weighed = candidates(trace)
    written = trace.tgt_out.ids
    marked = any(one.startswith("▁") for one in (*trace.tgt_out.pieces, *trace.src.pieces))
    listed = []
    for t, token_id in enumerate(written):
        ids = [int(i) for i in weighed.ids[t]]
        ids += [] if token_id in ids else [token_id]
        goes_on = marked and t > 0 and trace.tgt_out.pieces[t - 1][-1:].isalnum()
        listed.append(
            [
                {
                    "id": i,
                    "label": _label(piece(i), goes_on),
                    "p": _exact(np.exp(np.float64(trace.log_probs[t, i]))),
                    "rank": 1 + int((trace.log_probs[t] > trace.log_probs[t, i]).sum()),
                }
                | ({} if drawn is None else {"drawn": _exact(drawn[t, i])})
                | ({"never": True} if i in never else {})
                for i in ids
            ]
        )
    return {
        "probability": [_exact(np.exp(np.float64(x))) for x in trace.chosen_log_probs],
        "log_prob": [_exact(x) for x in trace.chosen_log_probs],
        "rank": [int(x) for x in weighed.rank],
        "entropy": [_exact(x) for x in weighed.entropy],
        "source_share": [_exact(x) for x in source_share],
        "candidates": listed,
        "d_vocab": int(trace.log_probs.shape[1]),
        "reshaped": drawn is not None,
        "finished": trace.finished,
    }


def _label(piece: str, goes_on: bool) -> str:
    """A candidate as drawn: a leading joint where it would go on the word before it."""
    joint = JOINT if goes_on and piece[:1].isalnum() else ""
    return joint + (piece.replace("▁", "") or "·")


def _branch(one: Branch, current: bool) -> dict[str, Any]:
    return {
        "prefix": list(one.prefix),
        "depth": one.depth,
        "step": one.step,
        "tokens": {
            "labels": token_names(one.tokens),
            "special": one.tokens.special,
        },
        "text": one.tokens.text,
        "log_prob": _exact(one.log_prob),
        "finished": one.finished,
        "current": current,
    }


def _comparison(one: Comparison | None) -> dict[str, Any] | None:
    if one is None:
        return None
    heads = [[h.kind, h.layer, h.head, _exact(h.distance)] for h in one.heads]
    return {"other": list(one.other), "step": one.step, "heads": heads}


def _exact(value: Any) -> float:
    """Seven digits, as many as float32 has."""
    return float(f"{float(value):.7g}")
