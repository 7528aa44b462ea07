"""From a row of weights to what the block and the rest of its layer add to the stream."""

from __future__ import annotations

from dataclasses import dataclass

from headlight.model.analysis.walk import Place, Step

from .explanation import Explanation, key_name, norm_formula, shown


@dataclass(frozen=True)
class Activation:
    """One activation: what it is called, what it does to `h`, and the same of a gate `g`."""

    name: str
    title: str
    formula: str
    gate: str


ACTIVATIONS = {
    "relu": Activation("ReLU", "Negative numbers become zero", r"\max(0, h)", r"\max(0, g)"),
    "gelu": Activation("GELU", "GELU: negative numbers fade", r"h\,\Phi(h)", r"g\,\Phi(g)"),
    "gelu_new": Activation(
        "GELU",
        "GELU, by tanh: negative numbers fade",
        r"\tfrac{h}{2}\left(1 + \tanh\!\left[\sqrt{2/\pi}\,(h + 0.044715\,h^3)\right]\right)",
        r"\operatorname{GELU}(g)",
    ),
    "silu": Activation("SiLU", "SiLU: negative numbers fade", r"h\,\sigma(h)", r"g\,\sigma(g)"),
}


def share(place: Place, step: Step) -> Explanation:
    """Weight times value."""
    weight, _ = (part.values for part in step.inputs)
    return Explanation(
        "The weight times the value",
        r"\alpha_j\, v_j",
        f"What {key_name(place)} adds to this head's output in this row.",
        rf"{shown(weight)} \cdot v_{{{place.cell.key}}}",
    )


def z(place: Place, step: Step) -> Explanation:
    """The sum over all keys."""
    return Explanation(
        "Summed over all keys: the head's output z",
        r"z = \sum_j \alpha_j\, v_j",
        "The sum of all values, each times its weight.",
    )


def concat(place: Place, step: Step) -> Explanation:
    """All heads side by side."""
    return Explanation(
        "All heads side by side",
        r"\operatorname{Concat}(z_0, \dots, z_{h-1})",
        f"The {len(step.inputs[0].values)} heads of the block worked apart; head "
        f"{place.cell.head} is the one that was followed.",
    )


def out(place: Place, step: Step) -> Explanation:
    """The output projection."""
    return Explanation(
        "W_O mixes them",
        r"\text{out} = \operatorname{Concat}(z)\,W_O + b_O",
        "Each head writes into the stream through its own rows of W_O.",
    )


def residual(place: Place, step: Step) -> Explanation:
    """The sum around the attention block."""
    return _residual("the block")


def mlp_residual(place: Place, step: Step) -> Explanation:
    """The sum around the feed-forward block."""
    return _residual("the feed-forward block")


def _residual(what: str) -> Explanation:
    return Explanation(
        "The residual sum",
        r"x \leftarrow x + \text{out}",
        f"What {what} found is added to the stream; it does not take the place of what was there.",
    )


def post_norm(place: Place, step: Step) -> Explanation:
    """The norm after a sum, in a post-norm model."""
    return Explanation(
        "… and its layer norm",
        norm_formula(step.find("β")),
        "This model normalizes after each sum, as in Vaswani et al. 2017.",
    )


def cross(place: Place, step: Step) -> Explanation:
    """Cross-attention as a whole."""
    return Explanation(
        "Cross-attention adds what it found in the source",
        r"x \leftarrow x + \text{cross}"
        if place.pre_norm
        else r"x \leftarrow \operatorname{LN}(x + \text{cross})",
        "It reads the encoder's memory; choose cross-attention above to follow it.",
    )


def mlp_norm(place: Place, step: Step) -> Explanation:
    """The norm through which the feed-forward block reads."""
    return Explanation(
        "The feed-forward block reads it through a norm",
        norm_formula(step.find("β")),
        "The same kind of norm as before attention, with its own numbers.",
    )


def mlp_pre(place: Place, step: Step) -> Explanation:
    """The first matrix of the feed-forward block."""
    return Explanation(
        f"Widened to {len(step.output.values):,} numbers",
        r"h = x\,W_1 + b_1",
        "Each number says how much of one learned direction is in the stream.",
    )


def mlp_gate(place: Place, step: Step) -> Explanation:
    """The gate beside it."""
    return Explanation(
        f"A gate of {len(step.output.values):,} numbers beside it",
        r"g = x\,W_g + b_g",
        "The gate says how much of each number is let through.",
    )


def mlp_post(place: Place, step: Step) -> Explanation:
    """The activation, of the numbers themselves or of their gate."""
    kind, gated = place.model.config.activation, len(step.inputs) > 1
    one, post = ACTIVATIONS[kind], step.output.values
    return Explanation(
        f"{one.name} of the gate, times the numbers" if gated else one.title,
        rf"{one.gate} \odot h" if gated else one.formula,
        f"{int((post > 0).sum()):,} of {len(post):,} are above zero here.",
    )


def mlp_out(place: Place, step: Step) -> Explanation:
    """The second matrix."""
    return Explanation(
        f"… and back to {len(step.output.values):,}",
        r"\text{out} = \text{mlp\_post}\,W_2 + b_2",
        "What the block adds to the stream.",
    )


EXPLAIN = {
    "share": share,
    "z": z,
    "concat": concat,
    "out": out,
    "residual": residual,
    "residual-norm": post_norm,
    "cross": cross,
    "mlp-norm": mlp_norm,
    "mlp-pre": mlp_pre,
    "mlp-gate": mlp_gate,
    "mlp-post": mlp_post,
    "mlp-out": mlp_out,
    "mlp-residual": mlp_residual,
    "mlp-residual-norm": post_norm,
}
