"""The head that a page opens shows what its example says, on every shipped model and example."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import headlight
from headlight.model import Model, Trace
from headlight.model.analysis.alignment.reference import reference
from headlight.model.analysis.heads import opening as opening_module
from headlight.model.analysis.heads.files import read_atlas
from headlight.model.analysis.heads.opening import (
    aligner,
    alignment_error,
    coverage,
    divided_row,
    of_example,
    opening,
)
from headlight.model.paths import ASSETS
from headlight.model.tasks import TASKS
from headlight.model.tasks.base import Example
from tests.reading import TEXT_MODELS

TASKS_BY_SLUG = {task.slug: task for task in TASKS}
PLACES = [
    (slug, example)
    for slug in TEXT_MODELS
    for example in getattr(TASKS_BY_SLUG.get(slug), "examples", ())
]


@cache
def load(slug: str) -> Model:
    return headlight.load(slug)


@cache
def run(slug: str, text: str) -> tuple[Model, Trace]:
    return load(slug), load(slug).run(text)


@pytest.mark.parametrize(("slug", "example"), PLACES, ids=lambda one: getattr(one, "text", one))
def test_an_example_opens_on_a_head_that_shows_it(slug: str, example: Example) -> None:
    model, trace = run(slug, example.text)
    found = opening(model, trace)
    weights = trace.attention[found.kind][found.layer].pattern[found.head]
    assert weights[found.query].argmax() == found.key
    if example.shows:
        assert found.basis == "example"
        shown = example.shows[0]
        rows = trace.src if shown.kind == "encoder_self" else trace.tgt_out
        assert rows.surface(found.query).strip() in shown.row
        key = trace.keys(shown.kind).surface(found.key).strip()
        assert key in shown.column
    else:
        assert found.basis == "alignment"
        known = reference(model, trace)
        assert known is not None
        error = alignment_error(trace, known.alignment)
        assert error[found.layer, found.head] == error.min()


@pytest.mark.parametrize(("slug", "example"), PLACES, ids=lambda one: getattr(one, "text", one))
def test_links_are_known_for_every_example(slug: str, example: Example) -> None:
    model, trace = run(slug, example.text)
    known = reference(model, trace)
    assert known is not None
    assert known.basis == ("gold" if slug == "translate-en-fr" else "task")
    assert all(known.alignment.sources)
    assert all(known.alignment.targets)


def test_the_links_of_the_black_cat_are_those_anyone_would_make() -> None:
    model, trace = run("translate-en-fr", "The black cat sleeps.")
    known = reference(model, trace)
    assert known is not None
    words = {
        (
            "".join(trace.tgt_out.surface(i) for i in known.alignment.targets[target]).strip(),
            "".join(trace.src.surface(i) for i in known.alignment.sources[source]).strip(),
        )
        for target, source in known.alignment.sure
    }
    assert {("Le", "The"), ("chat", "cat"), ("noir", "black"), ("dort", "sleeps")} <= words


def test_links_that_are_measured_agree_with_those_made_by_hand() -> None:
    model, changed = run("translate-en-fr", "The black cat sleeps")
    found = reference(model, changed, measure=True)
    assert found is not None
    assert found.basis == "measured"
    assert reference(model, changed) is None
    by_word = {
        "".join(changed.tgt_out.surface(i) for i in found.alignment.targets[t]).strip(): "".join(
            changed.src.surface(i) for i in found.alignment.sources[s]
        ).strip()
        for t, s in found.alignment.sure
    }
    assert by_word["chat"] == "cat"
    assert by_word["noir"] == "black"


def test_of_heads_that_differ_in_a_last_digit_the_first_is_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Such digits differ from run to run, and between what a page and a recording compute."""
    model = headlight.load("reverse")
    trace = model.run("a b c")
    monkeypatch.setattr(opening_module, "alignment_error", lambda *_: np.zeros((1, 3)))
    for weights, expected in (((0.3333, 0.33334, 0.3331), 0), ((0.33, 0.34, 0.3404), 1)):
        found = np.array([weights])
        monkeypatch.setattr(opening_module, "_linked_weight", lambda *_, found=found: found)
        assert aligner(model, trace, None) == ((0, expected), "alignment")


def test_other_texts_open_on_the_head_that_aligns_best_over_the_corpus() -> None:
    model, trace = run("translate-en-fr", "Where is the green bag?")
    table = read_atlas(ASSETS / "atlas" / "translate-en-fr.parquet")
    found = opening(model, trace, table)
    assert found.basis == "atlas"
    assert table.value("aer", ("cross", found.layer, found.head)) == np.nanmin(
        table.grid("aer", "cross")
    )
    assert opening(model, trace).basis == "coverage"


def test_a_kind_that_is_asked_for_has_a_head_of_its_own() -> None:
    model, trace = run("translate-en-fr", "The house that my sisters bought is old.")
    example = opening(model, trace)
    assert example.kind == "encoder_self"
    assert opening(model, trace, kind="encoder_self") == example
    known = reference(model, trace)
    assert known is not None
    cross = opening(model, trace, kind="cross")
    error = alignment_error(trace, known.alignment)
    assert (cross.kind, cross.basis) == ("cross", "alignment")
    assert error[cross.layer, cross.head] == error.min()
    decoder = opening(model, trace, kind="decoder_self")
    sharp = coverage(trace, "decoder_self")
    assert (decoder.kind, decoder.basis) == ("decoder_self", "coverage")
    assert sharp[decoder.layer, decoder.head] == sharp.max()
    row = trace.attention["decoder_self"][decoder.layer].pattern[decoder.head, decoder.query]
    assert row.argmax() == decoder.key


def test_an_example_whose_words_are_not_written_makes_no_claim() -> None:
    model = load("translate-en-fr")
    forced = model.teacher_force("I do not like coffee.", "Je déteste le café.")
    assert of_example(model, forced) is None


def test_a_divided_row_is_led_by_one_token_with_a_good_part_elsewhere() -> None:
    trace = run("translate-en-fr", "The black cat sleeps.")[1]
    for kind in ("cross", "encoder_self", "decoder_self"):
        for layer in range(trace.n_layers(kind)):
            for head in range(trace.n_heads):
                pattern = trace.attention[kind][layer].pattern[head]
                row = divided_row(trace, kind, layer, head)
                first, second = np.sort(pattern[row])[::-1][:2]
                tokens = trace.src if kind == "encoder_self" else trace.tgt_out
                for other in range(len(pattern)):
                    lead, next_ = np.sort(pattern[other])[::-1][:2]
                    if not tokens.special[other] and lead >= 0.5:
                        assert first >= 0.5
                        assert next_ <= second + 1e-9
