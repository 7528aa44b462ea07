"""Figures of the heads page draw the numbers they are given."""

from __future__ import annotations

import numpy as np
import pytest

from headlight.model.analysis.interventions.pruning import Curve, Pruning
from headlight.viz import theme
from headlight.viz.figures.heads_map import heads_map
from headlight.viz.figures.pruning import pruning_curves
from headlight.viz.figures.signed_bars import signed_bars
from headlight.viz.figures.sources import sources_bars, sources_map

VALUES = np.array([[0.1, 0.25, np.nan], [0.0, 1.0, 0.5]])


def test_a_map_of_heads_has_a_point_to_press_on_every_cell() -> None:
    figure = heads_map(VALUES, kind="cross", title="confidence", low=0.0, high=1.0)
    cells, numbers, points = figure.data
    np.testing.assert_array_equal(cells.z, VALUES)
    assert (cells.zmin, cells.zmax) == (0, 1)
    assert cells.colorscale[-1][1] == theme.KIND_COLOURS["cross"]
    pressed = list(zip(points.y, points.x, strict=True))
    assert pressed == [(layer, head) for layer in range(2) for head in range(3)]
    assert points.text[1] == "<b>0.250</b>"
    assert points.text[2] == "nothing to measure"
    written = dict(zip(zip(numbers.y, numbers.x, strict=True), numbers.text, strict=True))
    assert written[0, 1] == "0.250"
    assert (0, 2) not in written, "an empty cell says nothing"


def test_a_number_that_rounds_to_zero_has_no_sign() -> None:
    figure = heads_map(np.array([[-0.0002]]), kind="cross", title="Δ", low=-1.0, high=1.0)
    assert figure.data[1].text == ("0.000",)
    assert figure.data[2].text == ("<b>0.000</b>",)


def test_a_signed_measure_has_a_neutral_middle() -> None:
    figure = heads_map(VALUES, kind="cross", title="Δ", low=-1.0, high=1.0, signed=True, dark=True)
    assert (0.5, theme.DARK) in figure.data[0].colorscale


def test_curves_draw_the_ranked_order_and_the_range_of_random_ones() -> None:
    heads = (("cross", 0, 0), ("cross", 0, 1))
    curves = (
        Curve("cross", "sensitivity", heads, (1.0, 1.5, 3.0), (0.9, None, 0.1)),
        Curve("cross", "random 0", heads[::-1], (1.0, 2.5, 3.0), (None,) * 3),
        Curve("cross", "random 1", heads, (1.0, 1.5, 3.0), (None,) * 3),
    )
    pruning = Pruning("reverse", "0", "two lines", "share of exact answers", curves)
    loss = pruning_curves(pruning, what="loss")
    low, high, mean, ranked = loss.data
    assert [tuple(line.y) for line in (low, high, mean, ranked)] == [
        (1.0, 1.5, 3.0),
        (1.0, 2.5, 3.0),
        (1.0, 2.0, 3.0),
        (1.0, 1.5, 3.0),
    ]
    assert (high.fill, mean.line.dash) == ("tonexty", "dot")
    assert [line.name for line in loss.data if line.showlegend is not False] == ["cross"]
    quality = pruning_curves(pruning, what="quality")
    (line,) = quality.data
    assert (tuple(line.x), tuple(line.y)) == ((0, 2), (0.9, 0.1))
    assert quality.layout.yaxis.title.text == "share of exact answers"
    with pytest.raises(ValueError, match="loss or quality"):
        pruning_curves(pruning, what="speed")


def test_a_map_tells_intervals_brackets_and_the_mean_of_a_layer() -> None:
    values = np.array([[0.5, -0.001]])
    figure = heads_map(
        values,
        kind="cross",
        title="Δ",
        low=-1.0,
        high=1.0,
        signed=True,
        errors=np.array([[0.1, 0.02]]),
        unsure=np.array([[False, True]]),
        layer_values=np.array([0.25]),
    )
    assert tuple(figure.data[0].z[0]) == (0.5, -0.001, 0.25)
    points = figure.data[-1]
    assert len(points.x) == 2, "the mean is no head to be opened"
    assert "0.500</b> ± 0.100" in points.text[0]
    assert "(−0.001)" in str(figure.to_dict())
    assert figure.layout.xaxis.ticktext == ("H0", "H1", "mean")


def test_bars_are_coloured_by_sign() -> None:
    (bars,) = signed_bars(np.array([-0.5, 0.25]), ["a", "b"], title="nats").data
    assert tuple(bars.y) == (-0.5, 0.25)
    assert tuple(bars.marker.color) == theme.DIVERGING


def test_sources_from_zero_or_on_a_symmetric_scale() -> None:
    values = np.array([[0.2, -0.4]])
    signed = sources_map(values, ["x"], ["a", "b"], title="nats", signed=True).data[0]
    assert (signed.zmin, signed.zmax) == (-0.4, 0.4)
    shares = sources_map(np.abs(values), ["x"], ["a", "b"], title="share", signed=False).data[0]
    assert (shares.zmin, shares.zmax) == (0, 0.4)
    rows = sources_bars([values[0], values[0] * 2], ["one", "two"], ["a", "b"]).data
    assert [tuple(row.y) for row in rows] == [(0.2, -0.4), (0.4, -0.8)]


@pytest.mark.parametrize(
    ("value", "said"), [(-1.25, "−1.250"), (-0.0001, "0.000"), (0.0, "0.000"), (0.0005, "0.001")]
)
def test_numbers_have_true_minus_signs_and_no_negative_zero(value: float, said: str) -> None:
    assert theme.number(value) == said


def test_words_stand_over_the_first_row_of_bars_where_the_last_is_far_below() -> None:
    scores, titles = [np.array([0.5, -0.1])] * 3, ["one", "two", "three"]
    plain, named = (sources_bars(scores, titles, ["it", "was"], above=on) for on in (False, True))
    assert plain.layout.xaxis.showticklabels is False
    assert (named.layout.xaxis.side, named.layout.xaxis.showticklabels) == ("top", True)
    assert list(named.layout.xaxis.ticktext) == ["it", "was"]
    assert named.layout.height - plain.layout.height == named.layout.annotations[0].yshift
    slanted = sources_bars(scores, titles, ["extraordinarily"] * 6, above=True)
    assert slanted.layout.xaxis.tickangle == -45
