"""One teacher-forced pass over what was written, recorded: where the numbers of a trace are from.

In a causal decoder row t of this pass is exactly what step t of decoding saw.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import torch
from torch import Tensor

from ..decoding import NotFinite
from ..decoding.fast import hooks
from ..decoding.stepper import HOOK
from ..network.masks import length_mask
from ..network.source import Memory, Source
from ..network.transformer import Transformer
from .edits import Edits
from .reader import Reader
from .recorder import Recorder
from .records import from_arrays
from .tokens import LOST, Tokens


class Encoded(NamedTuple):
    """A batch of sources that went through the encoder, and what was recorded of that."""

    memory: Memory
    recorder: Recorder


def encode(network: Transformer, source: Source, edits: Edits, record_result: bool) -> Encoded:
    """The encoder's part of a traced pass; decoding starts from its memory as well.

    Args:
        record_result: keep each head's output z·W_O as well (large), in the decoder, too.

    Raises:
        ValueError: somebody hung a hook on the whole network, which is never called as a whole.
    """
    if hooks(network):
        raise ValueError(HOOK)
    recorder = Recorder(result=record_result)
    with torch.inference_mode():
        return Encoded(network.encode(source, recorder, edits), recorder)


def traced_pass(
    network: Transformer,
    reader: Reader,
    sources: Sequence[Tokens],
    targets: Sequence[Sequence[int]],
    *,
    start_id: int,
    edits: Edits,
    encoded: Encoded,
    unknown: Sequence[str] | None = None,
) -> Iterator[dict[str, Any]]:
    """The numbers and tokens of each target of a batch, as `Trace` names them.

    Args:
        start_id: what the decoder reads first.
        encoded: the sources, through the encoder under the same edits.
        unknown: what the targets' `<unk>` tokens stand for; the source's, in order, by default.

    Raises:
        NotFinite: the weights make numbers that cannot be computed with.
    """
    memory, recorder = encoded
    shifted = [[start_id, *ids[:-1]] for ids in targets]
    tgt_in, lengths = reader.pad(shifted)
    with torch.inference_mode():
        mask = length_mask(lengths, tgt_in.size(1))
        logits = network.unembed(network.decode(tgt_in, memory, recorder, edits, mask))
        log_probs = logits.log_softmax(-1)
        log_norm = logits.logsumexp(-1)
    if not bool(log_probs.isfinite().all()):
        raise NotFinite
    for row, (src, ids) in enumerate(zip(sources, targets, strict=True)):
        arrays = recorder.arrays(row, len(src), len(ids))
        arrays["log_probs"] = log_probs[row, : len(ids)].numpy()
        arrays["log_norm"] = log_norm[row, : len(ids)].numpy()
        unknown_chars = reader.tokenizer.unknown(src) if unknown is None else unknown
        yield {
            "src": src,
            **target_tokens(reader, shifted[row], ids, logits[row, : len(ids)], unknown_chars),
            "finished": ids[-1] == network.config.eos_id,
            "edits": edits,
            **from_arrays(arrays),
        }


def target_tokens(
    reader: Reader,
    read: Sequence[int],
    written: Sequence[int],
    logits: Tensor,
    unknown_chars: Sequence[str],
) -> dict[str, Tokens]:
    """What each row read, wrote and found most probable [T, V], unknown tokens filled in.

    A predicted `<unk>` is filled with the unknown character whose turn it would be there.
    """
    decode, unk_id = reader.tokenizer.decode, reader.config.unk_id
    predicted = logits.argmax(-1).tolist()
    turns = accumulate(i == unk_id for i in read)
    fill = [[*unknown_chars, LOST][min(turn, len(unknown_chars))] for turn in turns]
    predicted_fill = [char for i, char in zip(predicted, fill, strict=True) if i == unk_id]
    return {
        "tgt_in": decode(read, unknown_chars),
        "tgt_out": decode(written, unknown_chars),
        "predicted": decode(predicted, predicted_fill),
    }
