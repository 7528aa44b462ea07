"""Learning and writing: teacher forcing in training, token by token afterwards."""

from __future__ import annotations

import numpy as np

from headlight.model import Model, Trace

from ..labels import JOINT, token_names
from .base import Lesson, Link, Plain, Scene, Screen
from .parts import choice_question, notes
from .tokens import MAX_DRAWN, cut, numbers

IDEA = """
The decoder only ever does one thing: given the source and the tokens so far, it gives **every**
token of its vocabulary a probability to come next.

When it **writes**, it takes one (here the most probable), adds it to the others, and asks
again: one token at a time, until it writes ⟨eos⟩, “end”. When it **learns**, it is given the right
answer and only has to guess each next token of it; all places are guessed at once, thanks to the
mask. This is **teacher forcing**: after a wrong guess it still reads the right token. The **loss**
says how surprised it was by the right tokens, and training nudges every weight a little, so that
next time it is less surprised.
"""
DO = (
    "Show the answer first. Then type it into the field with one wrong word and look at the column "
    "“loss”: where does it jump, and does the model recover in the next row?"
)
TERM = r"""
The loss of a row is $-\ln p(\text{right token})$: 0 when the model was sure of it, 2.303 when it
gave it one chance in ten. Training takes the mean over all rows and follows its gradient down.
Writing is **autoregressive**: each step reads what the steps before it wrote. How the next token
is picked (the most probable, at random, several beams) is called the decoding strategy.
"""
MAX_OPTIONS = 4


def build(scene: Scene) -> Screen:
    """The steps of the trace; everything from one step on is hidden."""
    trace = scene.trace
    probs = trace.probs
    row = _row(trace, scene.turn)
    best_ids = np.argsort(-probs[row], kind="stable")[:MAX_OPTIONS]
    options = sorted((_name(scene.model, trace, int(i)), int(i)) for i in best_ids)
    before = " ".join(token_names(trace.tgt_in)[max(0, row - 5) : row + 1])
    question = choice_question(
        [name for name, _ in options],
        probs[row][[i for _, i in options]],
        f"After “{before}”: which token does the model find most probable next?",
        "probability",
        f"These are the four most probable of {scene.model.config.d_vocab:,} tokens.",
    )
    links = (
        Link(("decode", "explore"), "Watch it write, token by token", {"view": "steps", "step": 0}),
        Link(("training",), "Watch it learn", {"training": "recorded"}),
    )
    picture = {
        "type": "steps",
        "steps": _steps(trace),
        "hidden": row,
        "mean": numbers([float(-trace.chosen_log_probs.mean())])[0],
        "note": notes(cut(trace.tgt_in, "steps")),
    }
    look = (
        "Each line is one step: what the decoder read last, the token that comes next, and how "
        "much it expected that token. Look for lines of high loss."
    )
    return Screen(None, picture, question, look, *links)


def _steps(trace: Trace) -> list[Plain]:
    reads, writes = token_names(trace.tgt_in), token_names(trace.tgt_out)
    guessed = token_names(trace.predicted)
    same = [a == b for a, b in zip(trace.tgt_out.ids, trace.predicted.ids, strict=True)]
    return [
        {
            "reads": reads[i],
            "writes": writes[i],
            "guess": writes[i] if same[i] else guessed[i],
            "same": same[i],
            "p": numbers([float(np.exp(log_p))])[0],
            "loss": numbers([float(-log_p)])[0],
        }
        for i, log_p in enumerate(trace.chosen_log_probs[:MAX_DRAWN])
    ]


def _row(trace: Trace, turn: int) -> int:
    """A step at which the model hesitates: the most undecided ones first."""
    probs = trace.probs[:MAX_DRAWN]
    doubt = -(probs * trace.log_probs[:MAX_DRAWN]).sum(axis=-1)
    doubt[0] -= 1e-6  # with nothing written yet there is little to go by
    order = np.argsort(-doubt, kind="stable")
    return int(order[turn % max(1, (len(order) + 1) // 2)])


def _name(model: Model, trace: Trace, token: int) -> str:
    """A token of the vocabulary as written; a piece that goes on a word begins with `‑`."""
    piece = model.write([token], trace.src).pieces[0]
    bare = piece.replace("▁", "") or "·"
    subwords = any(one.startswith("▁") for one in trace.src.pieces)
    joined = subwords and not piece.startswith("▁") and bare[0].isalnum()
    return (JOINT if joined else "") + bare


LESSON = Lesson("writing", "Learning and writing", IDEA, DO, build, TERM)
