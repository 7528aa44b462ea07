"""A training's history as bytes for the browser, packed as the lens packs its traces.

All steps are sent at once: moving through them costs no trip to the server.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from headlight.model.network.config import KINDS
from headlight.model.run.arrays import Array
from headlight.model.run.tokens import Tokens
from headlight.model.training.history import TrainingHistory, clearest
from headlight.model.training.recording import CurvePoint, share

from ...labels import SHARES
from ..palette import palette
from ..scene import scene
from ..wire import Body, pack, packed_mask, target_headers, token_header


def encode(
    history: TrainingHistory,
    *,
    curve: Sequence[CurvePoint] = (),
    errors: Mapping[str, Array] | None = None,
    measured: str = "on this sentence",
    noun: str = "sentence",
    row: str | None = None,
    even: bool = True,
    quiet: bool = False,
    seen: Tokens | None = None,
) -> bytes:
    """A history and its curve.

    Args:
        history: the sentence at every step.
        curve: the points of the training's own curve.
        errors: alignment error by row, [N, L, H], where it was measured on more than this sentence.
        measured: on what the alignment error was measured, in words.
        noun: what the history is of, in a word.
        row: of which rows the alignment error is shown; by default of those that end up better.
        even: the steps stand at equal distances on the time axis; else by their number.
        quiet: leaves the page's address alone, and follows the newest step (a training under way).
        seen: the source as it was read, where it is a picture or a sound: histories keep no pixels.
    """
    body = Body()
    shown = history.aer if errors is None else errors
    best = clearest(shown)
    row = best and (row or best)
    header = {
        "version": 1,
        "source": history.source,
        "target": history.target,
        "src": token_header(history.src),
        **target_headers(history.tgt_in, history.tgt_out),
        "steps": history.steps,
        "outputs": history.outputs,
        "attention": {kind: _block(history, kind, body) for kind in KINDS},
        "loss": history.loss.round(6).tolist(),
        "row": row,
        "errors": None if row is None else body.add(shown[row].astype("<f4")),
        "measured": measured,
        "noun": noun,
        "links": [] if row is None else _cells(history, row),
        "curve": {
            "step": [point.step for point in curve],
            "loss": [round(point.loss, 6) for point in curve],
            "share": _line(curve),
        },
        "even": even,
        **({} if seen is None else {"src": token_header(seen), "scene": scene(seen, body)}),
    }
    header["id"] = body.digest([header])
    return pack(header | {"palette": palette(), "quiet": quiet}, body)


def _line(curve: Sequence[CurvePoint]) -> dict[str, Any]:
    name, points = share(curve)
    title, short = SHARES[name]
    steps, values = [step for step, _ in points], [round(value, 6) for _, value in points]
    return {"name": title, "short": short, "step": steps, "values": values}


def _cells(history: TrainingHistory, row: str) -> list[tuple[int, int, bool]]:
    """The cells of the true alignment: (row, column, whether the link is sure)."""
    known = history.alignment
    if known is None:
        return []
    shift = 1 if row == "reads" else 0
    return [
        (token + shift, column, (target, source) in known.sure)
        for target, source in sorted(known.possible)
        for token in known.targets[target]
        for column in known.sources[source]
        if token + shift < len(history.tgt_in)
    ]


def _block(history: TrainingHistory, kind: str, body: Body) -> dict[str, Any]:
    """Where the patterns [N, L, H, Q, K] of one kind stand, and their shape."""
    patterns, mask = history.patterns[kind], history.masks[kind]
    _, layers, heads, rows, columns = patterns.shape
    mask = np.broadcast_to(mask, (rows, columns))
    return {
        "layers": layers,
        "heads": heads,
        "rows": rows,
        "columns": columns,
        "pattern": body.add(patterns.astype("<u2", copy=False)),
        "mask": packed_mask(mask, body),
    }
