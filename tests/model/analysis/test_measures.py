"""Every measure on patterns small enough to work out by hand, and its range on real traces."""

from __future__ import annotations

import numpy as np
import pytest

from headlight.model import Model, Trace
from headlight.model.analysis.alignment.links import Alignment, of_task
from headlight.model.analysis.heads.metrics import ALIGNMENT, METRICS, Sums, get_metric
from headlight.model.analysis.heads.metrics.base import Sample, total
from headlight.model.analysis.heads.metrics.weight_on import is_punctuation
from headlight.model.network.config import KINDS
from headlight.model.run.edits import Edits
from headlight.model.tasks import task
from tests.model.analysis.hand import again, looks_at, written


def value(slug: str, trace: Trace, kind: str, alignment: Alignment | None = None) -> float:
    found = get_metric(slug).sums(trace, kind, alignment).value
    assert found.shape == (1, 1)
    return float(found[0, 0])


# a b c . <eos>
UNEVEN = np.array(
    [
        [0.5, 0.2, 0.1, 0.1, 0.1],
        [0.4, 0.1, 0.1, 0.2, 0.2],
        [0.0, 0.3, 0.3, 0.2, 0.2],
        [0.0, 0.0, 0.0, 0.4, 0.6],
        [0.0, 0.0, 0.0, 0.0, 1.0],
    ]
)


@pytest.fixture(scope="module")
def uneven() -> Trace:
    return written(["a", "b", "c", "."], ["x", "y"], encoder_self=UNEVEN)


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("confidence", (0.5 + 0.4 + 0.3 + 0.4 + 0.0) / 5),
        ("previous", (0.4 + 0.3 + 0.0 + 0.0) / 4),
        ("same", (0.5 + 0.1 + 0.3 + 0.4 + 1.0) / 5),
        ("next", (0.2 + 0.1 + 0.2 + 0.6) / 4),
        ("first", (0.5 + 0.4) / 5),
        ("last", (0.1 + 0.2 + 0.2 + 0.4 + 0.0) / 5),
        ("punctuation", (0.1 + 0.2 + 0.2 + 0.4 + 0.0) / 5),
        ("special", (0.1 + 0.2 + 0.2 + 0.6 + 1.0) / 5),
        (
            "distance",
            (0.2 + 0.2 + 0.3 + 0.4 + 0.4 + 0.1 + 0.4 + 0.6 + 0.3 + 0.2 + 0.4 + 0.6) / 5,
        ),
    ],
)
def test_encoder_measures_by_hand(uneven: Trace, slug: str, expected: float) -> None:
    assert value(slug, uneven, "encoder_self") == pytest.approx(expected, abs=1e-6)


def test_entropy_is_zero_for_one_place_and_ln_n_for_even_weight() -> None:
    n = 5
    sharp = written(["a", "b", "c", "."], ["x"], encoder_self=np.eye(n))
    even = written(["a", "b", "c", "."], ["x"], encoder_self=np.full((n, n), 1 / n))
    assert value("entropy", sharp, "encoder_self") == 0
    assert value("entropy", even, "encoder_self") == pytest.approx(np.log(n), abs=1e-6)
    assert value("entropy_share", sharp, "encoder_self") == 0
    assert value("entropy_share", even, "encoder_self") == pytest.approx(1, abs=1e-6)


def test_the_decoders_first_row_has_no_choice_and_does_not_count() -> None:
    # <bos> x y: rows 1 and 2 look at <bos> with 0.2 and 0.4, at themselves with 0.8 and 0.1
    pattern = np.array([[1.0, 0, 0], [0.2, 0.8, 0], [0.4, 0.5, 0.1]])
    trace = written(["a"], ["x", "y"], decoder_self=pattern)
    expected = {
        "first": 0.3,
        "special": 0.3,
        "same": 0.45,
        "previous": (0.2 + 0.5) / 2,
        "confidence": (0.8 + 0.5) / 2,
        "distance": (0.2 + 0.8 + 0.5) / 2,
    }
    for slug, number in expected.items():
        assert value(slug, trace, "decoder_self") == pytest.approx(number, abs=1e-6), slug
    # even weight over what may be seen is the most there is, whatever the row's length
    even = np.tril(np.ones((3, 3))) / np.arange(1, 4)[:, None]
    trace = written(["a"], ["x", "y"], decoder_self=even)
    assert value("entropy_share", trace, "decoder_self") == pytest.approx(1, abs=1e-6)
    found = value("entropy", trace, "decoder_self")
    assert found == pytest.approx((np.log(2) + np.log(3)) / 2, abs=1e-6)


def test_rows_that_can_see_no_such_token_do_not_count() -> None:
    # <bos> x . y: only the rows of "." and "y" can see the full stop
    trace = written(["a"], ["x", ".", "y"], decoder_self=looks_at([0, 0, 2, 1], 4))
    assert value("punctuation", trace, "decoder_self") == 0.5
    without = written(["a"], ["x"], decoder_self=looks_at([0, 0], 2))
    assert np.isnan(value("punctuation", without, "decoder_self"))


def test_monotonicity() -> None:
    def of(columns: list[int]) -> float:
        trace = written(["a", "b", "c"], ["x", "y", "z"], cross=looks_at(columns, 4))
        return value("monotonicity", trace, "cross")

    assert of([0, 1, 2, 2]) == pytest.approx(2.5 / 3)
    assert of([2, 1, 0, 0]) == pytest.approx(0.5 / 3)
    assert of([1, 1, 1, 1]) == 0.5
    # weight on <eos> does not count: of the words the rows look at b, a, a
    idle = [[0.0, 0.3, 0.0, 0.7], [0.4, 0.0, 0.0, 0.6], [0.4, 0.0, 0.0, 0.6]]
    trace = written(["a", "b", "c"], ["x", "y"], cross=idle)
    assert value("monotonicity", trace, "cross") == pytest.approx(0.5 / 2)


DIAGONAL = Alignment(
    sources=((0,), (1,), (2,)),
    targets=((0,), (1,), (2,)),
    sure=frozenset({(0, 0), (1, 1)}),
    possible=frozenset({(0, 0), (1, 1), (2, 2), (2, 1)}),
)


def test_alignment_error_by_hand() -> None:
    # rows write x y z <eos>; strongest: a c b, so x is right, y wrong, z only possible
    trace = written(["a", "b", "c"], ["x", "y", "z"], cross=looks_at([0, 2, 1, 3], 4))
    # |A| 3, |S| 2, A∩S 1, A∩P 2
    assert value("aer", trace, "cross", DIAGONAL) == pytest.approx(1 - 3 / 5)
    # shifted: the rows that read x y z, one later each, look at a b c
    shifted = written(["a", "b", "c"], ["x", "y", "z"], cross=looks_at([3, 0, 1, 2], 4))
    assert value("aer_shifted", shifted, "cross", DIAGONAL) == 0


def test_words_with_the_same_weight_share_the_link() -> None:
    even = written(["a", "b", "c"], ["x", "y", "z"], cross=np.full((4, 4), 0.25))
    # a third of every link: of x and y a third is sure, of z two thirds are possible
    assert value("aer", even, "cross", DIAGONAL) == pytest.approx(1 - (2 / 3 + 4 / 3) / 5)


def test_sub_words_are_merged_before_the_strongest_is_taken() -> None:
    """By the mean: a word of two tokens has no advantage."""
    two = Alignment(((0,), (1, 2)), ((0,),), frozenset({(0, 1)}), frozenset({(0, 1)}))
    for pieces, expected in (([0.4, 0.5, 0.1], 1), ([0.3, 0.6, 0.1], 0)):
        weights = np.array([[*pieces, 0.0], [0.0, 0.0, 0.0, 1.0]])
        trace = written(["a", "b", "c"], ["x"], cross=weights)
        assert value("aer", trace, "cross", two) == expected


def test_rows_of_a_target_word_are_averaged() -> None:
    one = Alignment(((0,), (1,)), ((0, 1),), frozenset({(0, 1)}), frozenset({(0, 1)}))
    # the first row says a by a little, the second b by much: 0.35 and 0.65 together
    weights = np.array([[0.6, 0.4, 0.0], [0.1, 0.9, 0.0], [0.0, 0.0, 1.0]])
    trace = written(["a", "b"], ["x", "y"], cross=weights)
    assert value("aer", trace, "cross", one) == 0


def test_of_several_true_sources_none_is_sure() -> None:
    trace = written(["5", "2", "5"], ["2", "5", "5"])
    found = of_task(task("sort"), trace)
    assert found is not None
    assert found.sure == {(0, 1)}
    assert found.possible == {(0, 1), (1, 0), (1, 2), (2, 0), (2, 2)}


def test_wrong_answers_are_held_against_nothing() -> None:
    """Every head looks where the rule says; only what is right there can be told."""
    weights = looks_at([1, 0, 2], 3)
    half = of_task(task("reverse"), written(["a", "b"], ["b", "c"], cross=weights))
    assert half is not None
    assert half.targets == ((0,),)
    assert half.sure == {(0, 1)}
    trace = written(["a", "b"], ["c", "c"], cross=weights)
    assert of_task(task("reverse"), trace) is None


def test_without_a_true_alignment_there_is_no_number(uneven: Trace) -> None:
    for one in ALIGNMENT:
        assert np.isnan(one.sums(uneven, "cross").value).all()


def test_sums_of_parts_are_the_sums_of_the_whole() -> None:
    parts = [Sums(np.full((1, 1), total), np.full((1, 1), n)) for total, n in ((3.0, 2.0), (1, 6))]
    assert parts[0].plus(parts[1]).value[0, 0] == 0.5


def test_the_standard_error_is_that_of_drawing_sentences_again() -> None:
    random = np.random.default_rng(5)
    counts = random.integers(3, 20, 300).astype(float)
    totals = counts * random.normal(0.4, 0.3, 300)
    parts = [Sums(np.full((1, 1), t), np.full((1, 1), n)) for t, n in zip(totals, counts)]  # noqa: B905
    drawn = random.integers(300, size=(4000, 300))
    again_and_again = totals[drawn].sum(1) / counts[drawn].sum(1)
    found = total(parts).standard_error[0, 0]
    assert found == pytest.approx(again_and_again.std(), rel=0.05)
    assert np.isnan(parts[0].standard_error).all()
    # a sentence in which nothing counts changes nothing
    nothing = Sums(np.zeros((1, 1)), np.zeros((1, 1)))
    assert total([*parts, nothing]).standard_error[0, 0] == pytest.approx(found)


def test_every_measure_says_what_it_is() -> None:
    assert len({one.slug for one in METRICS}) == len(METRICS)
    for one in METRICS:
        assert one.title
        assert one.definition.endswith(".")
        assert set(one.kinds) <= set(KINDS)
    with pytest.raises(ValueError, match="no metric “depth”"):
        get_metric("depth")


def test_a_measure_refuses_a_kind_it_is_not_defined_for(uneven: Trace) -> None:
    with pytest.raises(ValueError, match="defined for cross, not encoder_self"):
        get_metric("monotonicity").sums(uneven, "encoder_self")
    with pytest.raises(ValueError, match="runs the model again"):
        get_metric("sensitivity").sums(uneven, "cross")


def test_real_traces_stay_within_the_stated_ranges(any_model: Model, trace: Trace) -> None:
    samples = [Sample(trace, of_task(any_model.task, trace))]
    for one in METRICS:
        for kind in one.kinds:
            parts = one.batch(any_model, samples, kind)
            if not parts:
                continue
            found = total(parts).value
            config = any_model.config
            assert found.shape == (config.n_layers(kind), config.heads(kind))
            known = found[np.isfinite(found)]
            assert one.low is None or (known >= one.low - 1e-6).all(), one.slug
            assert one.high is None or (known <= one.high + 1e-6).all(), one.slug


def test_sensitivity_is_the_rise_of_the_loss_of_a_trace_without_the_head(tiny: Model) -> None:
    traces = tiny.run_many(["a b c", "q w e r t"])
    samples = [Sample(one, reference=one.tgt_out.ids[-2:]) for one in traces]
    found = total(get_metric("sensitivity").batch(tiny, samples, "cross")).value
    place = ("cross", 1, 0)
    lost, tokens = 0.0, 0
    for one in traces:
        edits = Edits(ablate=frozenset({place}))
        after = again(tiny, one, edits)
        lost += float((one.chosen_log_probs - after.chosen_log_probs).sum())
        tokens += len(one.tgt_out)
    assert found[1, 0] == pytest.approx(lost / tokens, abs=1e-5)


def test_the_loss_on_references_counts_the_references_tokens(tiny: Model) -> None:
    trace = tiny.run("a b c")
    reference = (*tiny.tokenizer.encode("c b a").ids, tiny.config.eos_id)
    samples = [Sample(trace, reference=reference), Sample(tiny.run("x y"))]
    found = get_metric("reference_loss").batch(tiny, samples, "cross")
    place = ("cross", 0, 1)
    plain = tiny.teacher_force("a b c", reference)
    after = tiny.teacher_force("a b c", reference, edits=Edits(ablate={place}))
    rise = float((plain.chosen_log_probs - after.chosen_log_probs).sum())
    assert found[0].total[0, 1] == pytest.approx(rise, abs=1e-5)
    assert found[0].count[0, 1] == len(reference)
    assert not found[1].count.any()


@pytest.mark.parametrize(
    ("text", "expected"), [(".", True), (" ?", True), ("«", True), ("a.", False), ("", False)]
)
def test_punctuation(text: str, expected: bool) -> None:
    assert is_punctuation(text) is expected
