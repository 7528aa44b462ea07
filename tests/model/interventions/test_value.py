"""`Edits` as a value: what it takes, what it refuses, and that it comes back exactly."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from headlight.model import Edits, Model

CUT = Edits(cut={("cross", 1, 0, 2, 0)})
OFF = Edits(ablate={("cross", 0, 1)})
MEAN = Edits(ablate={("cross", 0, 1)}, means={("cross", 0, 1): [0.1] * 8})
ROW = Edits(set={("cross", 1, 1, 0): [0.1, 0.2, 0.7]})
PATCH = Edits(patch={("z", "cross", 1, 1, 2): np.arange(8) / 3})
STEER = Edits(steer=[("decoder", 1, None, -1 / 3, np.arange(16) / 7)])
ALL = (
    *(Edits(), CUT, OFF, MEAN, ROW, PATCH, STEER),
    Edits(cut={("decoder_self", None, None, 3, None), ("encoder_self", 0, 1, None, 2)}),
    Edits(uniform={("encoder_self", 0, 0)}, skip={("decoder", 1)}, causal_mask=False),
    Edits(positions=False, scale=False, cross_attention=False),
    Edits(patch={("mlp_out", "encoder", 0, 3): [1e-7] * 16, ("out", "cross", 0): [[0.5] * 16] * 2}),
    CUT | OFF | ROW | PATCH | STEER,
)


@pytest.mark.parametrize("edits", ALL, ids=str)
def test_every_form_comes_back_exactly(edits: Edits) -> None:
    assert Edits.from_dict(json.loads(json.dumps(edits.to_dict()))) == edits
    read = Edits.from_text(edits.to_text())
    assert read == edits
    assert hash(read) == hash(edits)
    joined = Edits()
    for part in edits.parts():
        assert len(part.parts()) == 1
        joined = joined.then(part)
    assert joined == edits
    assert bool(edits) == (edits != Edits()) == bool(edits.to_text())


def test_the_text_for_links_is_short_and_plain() -> None:
    edits = Edits(
        ablate={("cross", 1, 3)},
        cut={("cross", 1, None, 2, 0)},
        set={("cross", 0, 0, 2): [0.25, 0.75]},
        positions=False,
    )
    written = "ablate.cross.1.3~cut.cross.1.all.2.0~set.cross.0.0.2:0.25,0.75~off.positions"
    assert edits.to_text() == written
    assert str(edits) == (
        "cross L1 H3 off; cross L1 all heads cut 2 → 0; cross L0 H0 row 2 set by hand; no positions"
    )
    assert str(Edits()) == "no edits"


def test_repr_makes_the_same_value() -> None:
    for edits in ALL[:3]:
        assert eval(repr(edits), {"Edits": Edits}) == edits
    assert "<16 numbers>" in repr(STEER)
    assert len(repr(STEER)) < 90


def test_together_in_any_order() -> None:
    assert CUT | OFF == OFF | CUT == OFF.then(CUT)
    assert CUT | CUT == CUT
    assert (OFF | CUT).cut == CUT.cut
    assert (Edits(scale=False) | Edits(positions=False)) == Edits(scale=False, positions=False)
    other = Edits(steer=[("decoder", 1, None, 1.0, np.ones(16))])
    assert len((STEER | other).steer) == 2


def test_a_whole_map_is_its_rows() -> None:
    rows = [[1.0, 0.0], [0.25, 0.75]]
    whole = Edits(set={("cross", 0, 1): rows})
    assert whole == Edits(set={("cross", 0, 1, i): row for i, row in enumerate(rows)})
    assert whole.set[0] == (("cross", 0, 1, 0), (1.0,))  # zeros at the end may be missing
    matrix = np.arange(6.0).reshape(3, 2)
    assert Edits(patch={("out", "cross", 1): matrix}) == Edits(
        patch={("out", "cross", 1, i): row for i, row in enumerate(matrix)}
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ablate": None}, "ablate takes a set of heads, each .*, not None"),
        ({"ablate": ("cross", 1, 0)}, r"for a single one write ablate=\[\('cross', 1, 0\)\]"),
        ({"ablate": "cross"}, "ablate takes a set of heads"),
        ({"ablate": [("cross", [1], 0)]}, r"layer \[1\] does not exist"),
        ({"ablate": [("cross", 1)]}, r"ablate: each is \(kind, layer, head\), not \('cross', 1\)"),
        ({"ablate": [["cross", True, 0]]}, "layer True does not exist"),
        ({"uniform": {("self", 0, 0)}}, "unknown kind of attention 'self'"),
        ({"skip": {"decoder": 1}}, "skip takes a set of layers"),
        ({"cut": {("cross", 1, 0, 2)}}, "cut: each is .kind, layer, head, query, key."),
        ({"cut": {(None, 1, 0, 2, 0)}}, "unknown kind of attention None"),
        ({"cut": {("cross", 1, 0, -1, 0)}}, "query -1 does not exist: .* count from 0"),
        ({"set": [1, 2]}, "set: each is .place, numbers., not 1"),
        ({"set": {("cross", 0, 0, 1): [0.5, 0.4]}}, "add to 1, not to 0.9000"),
        ({"set": {("cross", 0, 0, 1): [1.5, -0.5]}}, "must be 0 or more and add to 1"),
        ({"set": {("cross", 0, 0, 1): []}}, "row 1 of cross L0 H0 takes a list of finite numbers"),
        ({"set": {("decoder_self", 0, 0, 1): [0, 0.5, 0.5]}}, "look at column 2: in the decoder"),
        ({"set": {("cross", 0, 0): [0.5, 0.5]}}, "one row of numbers for each position"),
        ({"set": 3}, "set takes a mapping from places to numbers, not 3"),
        ({"patch": {("w", "cross", 0, 0): [1.0]}}, "a name of z, out, mlp_out, resid_pre"),
        ({"patch": {("z", "cross", 0): [1.0]}}, "with one row a position, or with a position"),
        ({"patch": {("z", "cross", 0, 0, 0): [math.nan]}}, "finite numbers"),
        ({"patch": {("out", "cross", 0, 0): "ab"}}, "finite numbers"),
        ({"patch": {("mlp_out", "cross", 0, 0): [1.0]}}, "unknown stack 'cross'"),
        ({"steer": [("decoder", 0, None, "much", [1.0])]}, "c, the factor of a direction, takes"),
        ({"steer": ("decoder", 0, None, 1.0, (1.0,))}, "for a single one write steer="),
        ({"steer": [("decoder", 0, None, 1.0, 5)]}, "steer takes a list of finite numbers"),
        ({"means": {("cross", 0, 0): [1e39]}}, "none too large"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Edits(**given)


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (OFF, Edits(patch={("z", "cross", 0, 1, 0): [1.0]}), "both switched off and given"),
        (ROW, Edits(set={("cross", 1, 1, 0): [1.0]}), "set: cross 1 1 0 is given two different"),
        (ROW, Edits(uniform={("cross", 1, 1)}), "both made uniform and given row 0 by hand"),
        (ROW, Edits(cut={("cross", None, 1, None, 2)}), "weight on column 2, which is cut"),
        (PATCH, Edits(patch={("z", "cross", 1, 1, 2): [0.0] * 8}), "given two different values"),
        (
            Edits(cross_attention=False),
            Edits(patch={("out", "cross", 0, 0): [1.0]}),
            "Cross-attention is left out",
        ),
        (
            Edits(skip={("encoder", 1)}),
            Edits(patch={("resid_post", "encoder", 1, 0): [1.0]}),
            "Layer 1 of the encoder is passed by",
        ),
    ],
)
def test_contradictions_get_a_sentence(one: Edits, other: Edits, said: str) -> None:
    for first, second in ((one, other), (other, one)):
        with pytest.raises(ValueError, match=said):
            first | second
    with pytest.raises(ValueError, match=said):
        Edits.from_text(f"{one.to_text()}~{other.to_text()}")


def test_a_row_by_hand_may_look_beside_what_is_cut() -> None:
    edits = ROW | Edits(cut={("cross", 1, 1, 0, 5), ("cross", 1, 0, None, None)})
    assert edits.set == ROW.set


@pytest.mark.parametrize(
    "text",
    [
        *(
            "ablate",
            "ablate.cross",
            "cut.cross.1",
            "nonsense",
            "off.lights",
            "off",
            "set.cross.0.0.1",
        ),
        *("set.cross.0.0.1:a,b", "patch.z.cross.0.0.0:%%%", "steer.decoder.0.all:1", "cut:1"),
        *("ablate.cross.-1.0", "ablate.cross.99999999.0", "patch.z.cross.0.0.0:AAA"),
        "steer.decoder.0.all:nan,AAAA",
    ],
)
def test_a_text_that_is_no_edit_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Edits.from_text(text)


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        (Edits(cut={("cross", 9, None, None, 0)}), "layer 9 does not exist in cross: 0 to 1"),
        (Edits(cut={("cross", None, 9, None, 0)}), "head 9 does not exist in cross: 0 to 1"),
        (Edits(set={("encoder_self", 0, 7, 0): [1.0]}), "head 7 does not exist"),
        (Edits(patch={("z", "cross", 0, 0, 0): [1.0]}), "patch of z cross 0 0 0 has 1 numbers"),
        (Edits(patch={("out", "cross", 5, 0): [1.0] * 16}), "layer 5 does not exist"),
        (Edits(patch={("resid_mid", "encoder", 3, 0): [1.0] * 16}), "layer 3 does not exist"),
        (Edits(steer=[("decoder", 3, None, 1.0, [1.0] * 16)]), "layer 3 does not exist in decoder"),
        (Edits(steer=[("decoder", 2, None, 1.0, [1.0])]), "direction added in decoder L2 has 1"),
    ],
)
def test_what_a_model_does_not_have_is_refused(tiny: Model, edits: Edits, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        tiny.run("a b", edits=edits)


def test_a_row_for_a_longer_source_is_refused(tiny: Model) -> None:
    edits = Edits(set={("cross", 0, 0, 0): [0, 0, 0, 0, 1.0]})
    assert tiny.run("a b c d", edits=edits).attention["cross"][0].pattern[0, 0, 4] == 1.0
    said = "Row 0 of cross L0 H0 was set by hand for a source of at least 5 tokens; this one has 3."
    for attempt in (
        lambda: tiny.run("a b", edits=edits),
        lambda: tiny.run_many(["a b c d", "a b"], edits=edits),
        lambda: tiny.teacher_force("a b", "a b", edits=edits),
    ):
        with pytest.raises(ValueError, match=said):
            attempt()


def test_what_had_nothing_to_act_on_is_told() -> None:
    edits = Edits(
        cut={("cross", 0, 1, 9, 0), ("cross", 0, 1, 2, 0), ("encoder_self", None, None, None, 4)},
        set={("decoder_self", 0, 0, 7): [1.0]},
        patch={("out", "encoder_self", 0, 4): [1.0]},
        steer=[("decoder", 0, 3, 1.0, [1.0])],
    )
    assert edits.idle(4, 3) == (
        "“cross L0 H1 cut 9 → 0” had nothing to cut: the map has 3 rows and 4 columns.",
        "“encoder_self all layers all heads cut all → 4” had nothing to cut: the map has 4 rows "
        "and 4 columns.",
        "Row 7 of decoder_self L0 H0, set by hand, is not there: the map has 3 rows and 3 columns.",
        "“out encoder_self 0” at position 4 is not there: there are 4.",
        "“steer decoder L0” at position 3 is not there: there are 3.",
    )
    assert edits.idle(10, 10) == ()


def test_which_stack_computes_something_else() -> None:
    assert CUT.touches("decoder")
    assert not CUT.touches("encoder")
    encoder = Edits(patch={("resid_pre", "encoder", 0, 0): [1.0]})
    assert encoder.touches("encoder")
    assert not encoder.touches("decoder")
    assert not Edits().touches("encoder")
    assert Edits(steer=[("encoder", 0, None, 1.0, [1.0])]).touches("encoder")
