"""From a layer's stream to the next token: layers above, last norm, logits, probabilities."""

from __future__ import annotations

import numpy as np

from ...network.transformer import Transformer
from ...run.arrays import Array
from ...run.traced_pass import target_tokens, traced_pass
from .. import weights
from .code import CodeRef
from .place import Place
from .step import ZERO, Part, Step
from .stream import final_norm, through_layer

CANDIDATES = 8


def ending(place: Place, stage: str) -> list[Step]:
    """To the memory in the encoder, to the next token in the decoder."""
    side, i = place.query_side, place.cell.query
    n_layers = len(place.stack(side).layers)
    above = range(place.cell.layer + 1, n_layers)
    steps = [through_layer(place, side, layer, i, "query", stage) for layer in above]
    if place.model.config.has_final_norm:
        steps.append(final_norm(place, side, i, "query", stage))
    return steps + (_next_token(place, stage) if side == "decoder" else [])


def _next_token(place: Place, stage: str) -> list[Step]:
    trace, i = place.trace, place.cell.query
    table, bias = weights.unembedding(place.model), weights.logits_bias(place.model)
    tied = place.model.config.tied
    logits, log_probs, probs = trace.logits[i], trace.log_probs[i], trace.probs[i]
    best = np.argsort(-logits, kind="stable")[:CANDIDATES]
    before = trace.tgt_in.ids[: i + 1]
    pieces = place.model.write_next([int(b) for b in best], trace.src, before).pieces
    written = trace.tgt_out.ids[i]
    at = next((n for n, token_id in enumerate(best) if token_id == written), None)
    return [
        Step(
            name="logits",
            stage=stage,
            inputs=(
                Part("output", trace.decoder.output[i], ("d_model",), "query"),
                Part("E" if tied else "U", table, ("d_vocab", "d_model"), "parameter"),
                *(() if bias is None else (Part("b", bias, ("d_vocab",), "parameter"),)),
            ),
            output=Part("logits", logits, ("d_vocab",), "score"),
            operation=lambda x, table, b=ZERO: table @ x + b,
            code=(CodeRef(Transformer.unembed, "return F.linear"),),
        ),
        Step(
            name="log-probs",
            stage=stage,
            inputs=(Part("logits", logits, ("d_vocab",), "score"),),
            output=Part("log_probs", log_probs, ("d_vocab",), "score"),
            operation=_log_softmax,
            code=(CodeRef(traced_pass, "log_probs = logits.log_softmax(-1)"),),
        ),
        Step(
            name="next-token",
            stage=stage,
            inputs=(
                Part("log_probs", log_probs[best], ("token",), "score", columns=pieces, at=at),
            ),
            output=Part("probs", probs[best], ("token",), "weight", columns=pieces, at=at),
            operation=np.exp,
            code=(CodeRef(target_tokens, "predicted = "),),
        ),
    ]


def _log_softmax(logits: Array) -> Array:
    wide = logits.astype(np.float64)
    wide -= wide.max()
    return (wide - np.log(np.exp(wide).sum())).astype(np.float32)
