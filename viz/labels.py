"""How tokens, rows and heads are named, on every page alike."""

from __future__ import annotations

from unicodedata import bidirectional

from headlight.model.analysis.heads.search import Mapped
from headlight.model.run.reading import kind_of_source
from headlight.model.run.records import AttentionRecord
from headlight.model.run.tokens import Tokens
from headlight.model.run.trace import Trace
from headlight.model.training.history import TrainingHistory

ARROW = " → "
"""Between the token that a decoder row has read and the one that it writes."""
JOINT = "‑"
"""Before a token that goes on a word."""
SPACE = ("▁", "Ġ")
"""How vocabularies of sub-words mark the space before a word; those of letters mark none."""

NOUN = {"text": "sentence", "picture": "picture", "sound": "sound"}
"""What one input of a model is called, by what it reads."""

PART = {"text": "word", "picture": "slice", "sound": "moment"}
"""What stands at a position of the source."""

TOKEN = {**PART, "text": "token"}
"""The same, where a word may be several tokens."""

LEFT_TO_RIGHT = "\u200e"
"""Not seen; around a name of Arabic or Hebrew letters, so that what stands beside it stays there:
in “read → written”, and in a sentence.
"""

SHARES = {
    "bleu": ("BLEU, held-out pairs ÷ 100", "BLEU ÷ 100"),
    "exact": ("held-out inputs exactly right", "exactly right"),
    "accuracy": ("next-token accuracy", "accuracy"),
}
"""What is drawn from 0 to 1 below the loss (`recording.share`): each with two names."""


def worded(said: str, reads: str) -> str:
    """What is said of a sentence, or of a {source}, and of its words and tokens as {part} and
    {token}, said of what a model reads.
    """
    nouns = {"{source}": reads, "{part}": PART[reads], "{token}": TOKEN[reads]}
    for place, noun in (*nouns.items(), ("sentence", NOUN[reads])):
        said = said.replace(place, noun)
    return said


def token_noun(tokens: Tokens) -> str:
    """What each of them is called: a token, a slice of a picture, a moment of a sound."""
    return TOKEN[kind_of_source(tokens.source)]


def source_name(src: Tokens) -> str:
    """What a source is called in a table: a text by itself, a picture or a sound by what is known
    to stand on it.
    """
    marks = None if src.source is None else src.source.marks
    return " ".join(name for _, _, name in marks) if marks else src.text


def token_names(tokens: Tokens) -> list[str]:
    """One name a token: the characters it stands for, control tokens in their brackets."""
    found = []
    marked = any(piece.startswith(SPACE) for piece in tokens.pieces)
    for i, piece in enumerate(tokens.pieces):
        goes_on = i > 0 and not tokens.special[i] and tokens.words[i] == tokens.words[i - 1]
        joined = marked and goes_on and not piece.startswith(SPACE)
        surface = "" if piece in SPACE else tokens.surface(i).strip()
        name = (JOINT if joined else "") + (surface or "·")
        backward = any(bidirectional(char) in ("R", "AL") for char in surface)
        found.append(f"{LEFT_TO_RIGHT}{name}{LEFT_TO_RIGHT}" if backward else name)
    return found


def row_names(trace: Trace | Mapped | TrainingHistory, kind: str) -> list[str]:
    """The rows ("from") of a map: a token of the source, or `read → written` in the decoder.

    A row of the decoder reads one token and writes the next, so it bears both names.
    """
    if kind == "encoder_self":
        return token_names(trace.src)
    pairs = zip(token_names(trace.tgt_in), token_names(trace.tgt_out), strict=True)
    return [f"{read}{ARROW}{written}" for read, written in pairs]


def row_phrase(trace: Trace | Mapped, kind: str, row: int) -> str:
    """The same at the start of a sentence: From “noir”; After “noir”, about to write “dort”."""
    if kind == "encoder_self":
        return f"From “{token_names(trace.src)[row]}”"
    read, written = token_names(trace.tgt_in)[row], token_names(trace.tgt_out)[row]
    return f"After “{read}”, about to write “{written}”"


def head_name(layer: int, head: int) -> str:
    """`L2 H5`."""
    return f"L{layer} H{head}"


def scaling(record: AttentionRecord) -> str:
    """What makes a score of q·k: `÷ √d_head` in most models, `+ bias` where positions add one."""
    divided = "" if float(record.scale) == 1 else "÷ √d_head"
    biased = "" if record.bias is None else "+ bias"
    return " ".join(filter(None, (divided, biased)))


def score_name(record: AttentionRecord) -> str:
    """A score as it is computed: `q·k ÷ √d_head`."""
    return f"q·k {scaling(record)}".strip()
