"""What each decoder layer would say: the final projection applied to every layer's stream.

The logit lens (nostalgebraist 2020). Letters in shapes: L decoder layers, T target positions,
D d_model, V d_vocab.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...run.arrays import Array
from ...run.pace import breathe
from ...run.runner import Model
from ...run.tokens import Tokens
from ...run.trace import Trace
from .. import weights


@dataclass(frozen=True, eq=False)
class LogitLens:
    """What the stream says at each depth; depth 0 is the embedding, depth n is after layer n − 1.

    Shapes: log_probs [L + 1, T, V], in nats; best [L + 1, T, k] token ids, most probable first.
    """

    log_probs: Array
    best: Array

    @property
    def probs(self) -> Array:
        """[L + 1, T, k]: the probabilities of `best`."""
        chosen: Array = np.exp(np.take_along_axis(self.log_probs, self.best, axis=-1))
        return chosen

    def rank(self, ids: tuple[int, ...]) -> Array:
        """[L + 1, T]: how many tokens are more probable than `ids[t]`; 0 = the top."""
        index = np.asarray(ids)[None, :, None]
        own = np.take_along_axis(self.log_probs, index, axis=-1)
        ranks: Array = (self.log_probs > own).sum(axis=-1)
        return ranks

    def tokens(self, model: Model, trace: Trace, depth: int, position: int) -> Tokens:
        """The best tokens of one place, as they are drawn."""
        breathe()
        best = [int(i) for i in self.best[depth, position]]
        return model.write_next(best, trace.src, trace.tgt_in.ids[: position + 1])


def logit_lens(model: Model, trace: Trace, k: int = 5) -> LogitLens:
    """Read every layer's stream through the last norm (where there is one) and the output table.

    The last depth gives the model's own probabilities, to rounding. Earlier ones are a reading: the
    stream there was never trained to be read this way.

    Raises:
        ValueError: the trace is of another model.
    """
    model.check_trace(trace)
    layers = trace.decoder.layers
    streams = np.stack([layers[0].resid_pre, *(layer.resid_post for layer in layers)])
    for depth, layer in enumerate(layers):  # a layer that is passed by leaves the stream alone
        if ("decoder", depth) in trace.edits.skip:
            streams[depth + 1] = layer.resid_pre
    for one in trace.edits.at("steer", "decoder", len(layers)):  # added behind the last layer
        rows = slice(None) if one.position is None else slice(one.position, one.position + 1)
        streams[-1, rows] += one.values
    if model.config.has_final_norm:
        streams = weights.final_norm(model, "decoder")(streams)
    table, bias = weights.unembedding(model).T, weights.logits_bias(model)
    k = min(k, table.shape[1])
    log_probs = np.empty((*streams.shape[:2], table.shape[1]), np.float32)
    best = np.empty((*streams.shape[:2], k), np.int64)
    for depth, stream in enumerate(streams):
        breathe()
        logits = stream @ table  # [T, V]
        if bias is not None:
            logits += bias
        logits -= logits.max(axis=-1, keepdims=True)
        np.subtract(logits, np.log(np.exp(logits).sum(axis=-1, keepdims=True)), log_probs[depth])
        first = np.argpartition(-log_probs[depth], k - 1, axis=-1)[:, :k]
        of_them = np.take_along_axis(log_probs[depth], first, axis=-1)
        order = np.argsort(-of_them, axis=-1, kind="stable")
        best[depth] = np.take_along_axis(first, order, axis=-1)
    return LogitLens(log_probs, best)
