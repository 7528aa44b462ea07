"""What a figure draws is what it was given; masked is never zero; text is never markup."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from headlight.model.run.trace import Trace
from headlight.viz import theme
from headlight.viz.figures import axis_labels, head_grid, head_map
from headlight.viz.figures.heads import pattern_map
from headlight.viz.figures.tokens import MAX_NAMED, row_labels
from tests.components.lens.synthetic import build_trace


@pytest.fixture(scope="module")
def trace() -> Trace:
    """Encoder and decoder of unequal depth, sub-words, and text that looks like markup."""
    return build_trace(["the", "<b>cat", "un|likely"], ["le", "&amp;", "chat", "<i>"])


def part(figure: Any, name: str) -> Any:
    (found,) = (one for one in figure.data if one.name == name)
    return found


@pytest.mark.parametrize("kind", theme.KIND_NAMES)
def test_a_head_map_draws_the_traces_own_numbers(trace: Trace, kind: str) -> None:
    layer = trace.n_layers(kind) - 1
    record = trace.attention[kind][layer]
    figure = head_map(trace, kind=kind, layer=layer, head=2)
    drawn = np.asarray(part(figure, "weights").z, dtype=float)
    np.testing.assert_array_equal(drawn[record.mask], record.pattern[2][record.mask])
    assert np.isnan(drawn[~record.mask]).all(), "masked is not zero"
    assert (figure.layout.coloraxis.cmin, figure.layout.coloraxis.cmax) == (0, 1)
    assert figure.layout.coloraxis.colorscale[-1][1] == theme.KIND_COLOURS[kind]
    assert list(figure.layout.xaxis.ticktext) == axis_labels(trace.keys(kind))
    assert list(figure.layout.yaxis.ticktext) == row_labels(trace, kind)
    assert kind == "encoder_self" or figure.layout.yaxis.ticktext[0] == "&lt;bos&gt; → le"
    assert figure.layout.yaxis.autorange == "reversed", "row 0 stands on top"
    assert f"L{layer} H2" in figure.layout.title.text


def test_a_cell_says_tokens_weight_score_and_norm(trace: Trace) -> None:
    record = trace.attention["cross"][1]
    weights = part(head_map(trace, kind="cross", layer=1, head=3), "weights")
    start, end, score, norm = weights.customdata[2][1]
    assert (start, end) == ("&amp;amp; → chat", "&lt;b&gt;cat")
    assert score == record.raw_scores[3, 2, 1]
    assert norm == record.norm_weighted[3, 2, 1]
    for said in ("%{z:.3f}</b> attention weight", "score before the mask", "‖αf(x)‖"):
        assert said in weights.hovertemplate


def test_masked_cells_are_hatched_and_say_so(trace: Trace) -> None:
    figure = head_map(trace, kind="decoder_self", layer=0, head=0)
    mask = trace.attention["decoder_self"][0].mask
    hatch = part(figure, "hatch")
    assert set(zip(hatch.y, hatch.x, strict=True)) == set(zip(*np.nonzero(~mask), strict=True))
    assert "masked: not written yet" in part(figure, "masked").hovertemplate
    assert [one.name for one in head_map(trace, kind="cross", layer=0, head=0).data] == ["weights"]


@pytest.mark.parametrize("kind", ["encoder_self", "decoder_self", "cross"])
def test_a_grid_shows_every_head_on_one_scale(trace: Trace, kind: str) -> None:
    figure = head_grid(trace, kind=kind, layer=1)
    drawn = [one for one in figure.data if one.name == "weights"]
    assert len(drawn) == trace.n_heads
    record = trace.attention[kind][1]
    for head, one in enumerate(drawn):
        np.testing.assert_array_equal(one.z, np.where(record.mask, record.pattern[head], np.nan))
        assert one.coloraxis == "coloraxis"
    masked = [one for one in figure.data if one.name == "masked"]
    assert len(masked) == (trace.n_heads if kind == "decoder_self" else 0)
    assert not any(one.showscale for one in masked)
    titles = [note.text for note in figure.layout.annotations]
    assert titles == [f"H{head}" for head in range(trace.n_heads)]


@pytest.mark.parametrize("dark", [False, True])
def test_the_ramp_goes_from_the_page_to_the_full_colour_and_in_the_dark_beyond(
    trace: Trace, dark: bool
) -> None:
    figure = head_map(trace, kind="cross", layer=0, head=0, dark=dark)
    green = theme.KIND_COLOURS["cross"]
    beyond = ((0.0, theme.DARK), (0.5, green), (1.0, "#99D8C7"))
    assert figure.layout.coloraxis.colorscale == (
        beyond if dark else ((0.0, theme.LIGHT), (1.0, green))
    )


def test_both_sides_of_a_ramp_for_differences_are_ramps() -> None:
    less, more = theme.DIVERGING
    assert theme.diverging() == [[0.0, less], [0.5, theme.LIGHT], [1.0, more]]
    above = [[share / 2 + 0.5, colour] for share, colour in theme.ramp(more, dark=True)]
    below = [[0.5 - share / 2, colour] for share, colour in theme.ramp(less, dark=True)]
    assert theme.diverging(dark=True) == [*reversed(below), *above[1:]]


def test_labels_thin_out() -> None:
    n = 3 * MAX_NAMED - 5
    names = [f"w{i}" for i in range(n)]
    figure = pattern_map(np.eye(n), np.ones((n, n), bool), names, names, "#009E73")
    assert list(figure.layout.xaxis.tickvals) == list(range(0, n, 3))
    assert list(figure.layout.xaxis.ticktext) == names[::3]


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ({"kind": "self", "layer": 0, "head": 0}, "unknown kind 'self'; use encoder_self"),
        ({"kind": "cross", "layer": 2, "head": 0}, "layer 2 does not exist; use 0 to 1"),
        ({"kind": "cross", "layer": -1, "head": 0}, "layer -1 does not exist"),
        ({"kind": "cross", "layer": 0, "head": 4}, "head 4 does not exist; use 0 to 3"),
    ],
)
def test_a_head_that_does_not_exist_is_refused(
    trace: Trace, place: dict[str, Any], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        head_map(trace, **place)
    if "head" not in says:
        with pytest.raises(ValueError, match=says):
            head_grid(trace, kind=place["kind"], layer=place["layer"])
