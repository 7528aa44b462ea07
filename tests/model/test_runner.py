"""Text in, traces out: prefixes, limits, batches, and what is refused with which words."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import numpy as np
import pytest
import torch

import headlight
from headlight.model import Edits, Model
from headlight.model.decoding import Greedy, Stepper
from headlight.model.run.vocabularies import learn_subwords
from tests.model.builders import overflowing, random_model, random_network

CLOSE: dict[str, Any] = {"atol": 1e-5, "rtol": 1e-5}
CORPUS = ["I like the cat.", "J'aime le chat.", "Where is it?", "Où est-il ?", "We read a book!"]


@pytest.fixture(scope="module")
def open_model() -> Model:
    """Sub-words, random weights, no task: any text is read."""
    tokenizer = learn_subwords(CORPUS, 90)
    return Model("mine", random_network(d_vocab=len(tokenizer)), tokenizer)


def test_many_texts_are_each_text_alone(tiny: Model) -> None:
    texts = ["a b", "q w e r t y u i o p", "z z z", "c a b"] * 9  # more than one batch
    together = tiny.run_many(texts)
    assert [trace.source_text for trace in together] == texts
    for found, text in zip(together[:4], texts[:4], strict=True):
        alone = tiny.run(text)  # untrained, so most are cut off, each at its own limit
        assert found.tgt_out == alone.tgt_out
        assert found.finished == alone.finished
        np.testing.assert_allclose(found.log_probs, alone.log_probs, **CLOSE)
        for kind in headlight.KINDS:
            for one, two in zip(found.attention[kind], alone.attention[kind], strict=True):
                np.testing.assert_allclose(one.pattern, two.pattern, **CLOSE)
    assert tiny.translate(texts[:4]) == [trace.output_text for trace in together[:4]]
    edits = Edits(cross_attention=False)
    one_by_one = [tiny.run(text, edits=edits).output_text for text in texts[:4]]
    assert tiny.translate(texts[:4], edits=edits) == one_by_one
    assert tiny.run_many([]) == []
    assert tiny.translate([]) == []


def test_a_row_that_ended_gains_nothing_while_others_go_on(
    any_model: Model, texts: tuple[str, ...]
) -> None:
    sources = [any_model.read(text) for text in texts]
    for src, found in zip(sources, any_model.decode_batch(sources, 12), strict=True):
        alone = any_model.decode(src, max_len=12)
        assert (found.ids, found.finished) == (alone.ids, alone.finished)
        assert found.log_prob == pytest.approx(alone.log_prob, abs=1e-4)
    assert any_model.decode_batch([]) == []


def test_a_row_cut_off_before_the_others_has_no_known_score(tiny: Model) -> None:
    sources = [tiny.read("a b"), tiny.read("q w e r t y u i o p")]
    short, long = tiny.decode_batch(sources)
    assert (len(short.ids), short.finished) == (2 * 3 + 20, False)
    assert np.isnan(short.log_prob)
    assert np.isfinite(long.log_prob)


def test_a_prefix_is_text_or_ids(tiny: Model) -> None:
    ids = tiny.tokenizer.encode("b a").ids
    by_text, by_ids = (tiny.run("c a b", prefix=prefix) for prefix in ("b a", list(ids)))
    assert by_text.tgt_out == by_ids.tgt_out
    assert by_text.tgt_out.ids[:2] == ids
    assert by_text.forced == by_ids.forced == 2
    assert len(by_text.tgt_out) > 2
    assert by_text.output_text.startswith("b a")
    np.testing.assert_array_equal(by_text.log_probs, by_ids.log_probs)


def test_no_prefix_is_no_prefix(tiny: Model) -> None:
    plain = tiny.run("c a b")
    nothing: tuple[str | list[int], ...] = ("", "  ", [])
    for prefix in nothing:
        assert tiny.run("c a b", prefix=prefix).tgt_out == plain.tgt_out
    assert plain.forced == 0


def test_what_was_written_forced_again_goes_on_alike(any_model: Model) -> None:
    assert any_model.task is not None
    text = any_model.task.examples[1].text
    plain = any_model.run(text)
    again = any_model.run(text, prefix=plain.tgt_out.ids[:2])
    assert again.tgt_out == plain.tgt_out
    np.testing.assert_allclose(again.log_probs, plain.log_probs, **CLOSE)


@pytest.mark.parametrize("strategy", ["greedy", "beam", "sampling"])
def test_behind_a_forced_end_nothing_is_written(tiny: Model, strategy: str) -> None:
    src, ids = tiny.read("c a b"), (5, 4, 2)
    found = tiny.decode(src, strategy=strategy, prefix=ids, max_len=3)
    trace = tiny.teacher_force("c a b", ids)
    assert (found.ids, found.finished) == (ids, True)
    assert found.log_prob == pytest.approx(float(trace.chosen_log_probs.sum()), abs=1e-4)
    assert tiny.run("c a b", strategy=strategy, prefix=ids).tgt_out == trace.tgt_out


def test_targets_are_text_or_ids_and_get_an_end(tiny: Model) -> None:
    by_text = tiny.teacher_force("c a b", "b a c")
    ids = tiny.tokenizer.encode("b a c").ids
    assert by_text.tgt_out.ids == (*ids, 2)
    for target in (ids, (*ids, 2), list(ids)):
        assert tiny.teacher_force("c a b", target).tgt_out == by_text.tgt_out
    assert by_text.finished
    assert by_text.tgt_in.ids == (1, *ids)


@pytest.mark.parametrize("max_len", [1, 2, 7])
def test_nothing_longer_than_asked_for_is_written(tiny: Model, max_len: int) -> None:
    trace = tiny.run("c a b", max_len=max_len)
    assert 1 <= len(trace.tgt_out) <= max_len
    assert len(tiny.run_many(["c a b"], max_len=max_len)[0].tgt_out) == len(trace.tgt_out)


def test_a_model_that_ends_at_once_writes_an_empty_text(tiny: Model) -> None:
    trace = tiny.teacher_force("c a b", [2])
    assert trace.output_text == ""
    assert trace.tgt_out.pieces == ("<eos>",)
    assert trace.attention["cross"][0].pattern.shape[1:] == (1, 4)


def test_the_output_is_always_text(any_model: Model) -> None:
    assert any_model.task is not None
    for example in any_model.task.examples:
        trace = any_model.run(example.text)
        assert isinstance(trace.output_text, str)
        assert trace.source_text == example.text
        assert None not in (*trace.src.pieces, *trace.tgt_out.pieces, *trace.predicted.pieces)


@pytest.mark.parametrize("text", ["", "   ", "\n\t", None, 7])
def test_no_text_is_refused_with_what_is_accepted(
    tiny: Model, open_model: Model, text: Any
) -> None:
    for attempt in (tiny.run, tiny.read, lambda t: tiny.run_many(["a b", t])):
        with pytest.raises(ValueError, match=r"There is no text to read\. Accepted: 2 to 16 let"):
            attempt(text)
    with pytest.raises(ValueError, match=r"There is no text to read\.$"):
        open_model.run(text)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"max_len": 0}, "max_len must be from 1 to 64 tokens, not 0"),
        ({"max_len": -3}, "max_len must be from 1 to 64 tokens, not -3"),
        ({"max_len": 65}, "max_len must be from 1 to 64 tokens, not 65"),
        ({"max_len": 2.5}, "max_len must be from 1 to 64 tokens, not 2.5"),
        ({"max_len": "5"}, "max_len must be from 1 to 64 tokens, not 5"),
        ({"prefix": [4, 2, 5]}, "Nothing can be written after the end of the text"),
        ({"prefix": "b \ud83c"}, "The text holds half of a character"),
        ({"prefix": "b a", "max_len": 2}, "The forced text has 2 tokens; at most 1 leave room"),
        ({"prefix": "b 🍕"}, "vocabulary does not have “🍕”"),
        ({"prefix": "<eos>"}, "vocabulary does not have “<eos>”"),
        ({"prefix": [4, 0]}, "Token id 0 cannot be written"),
        ({"prefix": [1]}, "Token id 1 cannot be written"),
        ({"prefix": [30]}, "Token id 30 cannot be written"),
        ({"prefix": [-1]}, "Token id -1 cannot be written"),
        ({"prefix": [4] * 64}, "The forced text has 64 tokens"),
        ({"prefix": [4.7]}, "A target is a text or whole token ids, not [4.7]."),
        ({"prefix": 4}, "A target is a text or whole token ids, not 4."),
        ({"prefix": None}, "A target is a text or whole token ids, not None."),
        ({"strategy": "luck"}, "There is no strategy “luck”. There are: greedy, sampling, beam"),
        ({"strategy": 7}, "There is no strategy “7”. There are: greedy, sampling, beam; or give"),
        ({"strategy": Greedy}, "such as Beam(size=4)"),
        ({"strategy": ["beam"]}, "such as Beam(size=4)"),
        ({"edits": {}}, "edits must be a headlight.Edits(…), not {}"),
        ({"edits": None}, "edits must be a headlight.Edits(…), not None"),
        ({"edits": Edits(ablate={("cross", 0, 2)})}, "head 2 does not exist in cross: 0 to 1"),
    ],
)
def test_options_out_of_range_are_refused_in_words(
    tiny: Model, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011, what it says follows
        tiny.run("c a b", **options)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("", "There is no target text"),
        ([], "There is no target text"),
        ("b A", "vocabulary does not have “A”"),
        ([4, 99], "Token id 99 cannot be written"),
        ([4, 2, 2], "Nothing can be written after the end of the text"),
        ([4] * 64, "The target text has 65 tokens; this model reads at most 64. Shorten it."),
    ],
)
def test_targets_that_cannot_be_are_refused_in_words(tiny: Model, target: Any, said: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011, what it says follows
        tiny.teacher_force("c a b", target)
    assert said in str(error.value)


def test_more_tokens_than_positions_are_refused(open_model: Model) -> None:
    with pytest.raises(ValueError, match=r"source text has 1,001 tokens; .* at most 64\. Shorten"):
        open_model.run("?" * 1_000)
    assert len(open_model.run("?" * 63, max_len=1).src) == 64


@pytest.mark.parametrize(
    ("text", "carried"),
    [
        ("I like 🍕.", "🍕"),
        ("I like 日本.", "日本"),
        ("I like Привет.", "Привет"),
        ("I like <script>", "<"),
        ("I like ❤️", "❤"),
    ],
)
def test_an_unknown_token_carries_its_characters(
    open_model: Model, text: str, carried: str
) -> None:
    src = open_model.read(text)
    assert any(piece.startswith("⟨") and carried in piece for piece in src.pieces)
    trace = open_model.teacher_force(text, [*open_model.tokenizer.encode("le chat").ids, 3, 3])
    assert carried in trace.output_text
    assert any(carried in piece for piece in trace.tgt_out.pieces)


def test_each_unknown_token_shows_the_sign_whose_turn_it_is(open_model: Model) -> None:
    src = open_model.read("I like 🐶 the 🐱")
    for before, sign in (([1], "🐶"), ([1, 3, 9], "🐱"), ([1, 3, 3], "�")):
        shown = open_model.write_next([3, 5, 3], src, before).pieces
        assert (shown[0], shown[2]) == (f"⟨{sign}⟩", f"⟨{sign}⟩")
    trace = open_model.teacher_force("I like 🐶 the 🐱", "le 🐱 le 🐶")
    assert trace.output_text == "le 🐱 le 🐶", "a given target is shown as it was typed"
    assert [one for one in trace.tgt_in.pieces if "⟨" in one] == ["⟨🐱⟩", "⟨🐶⟩"]
    given = [*open_model.tokenizer.encode("le").ids, 3]
    assert open_model.teacher_force("I like 🐶 the 🐱", [*given, *given]).output_text == "le🐶 le🐱"


def test_what_was_foretold_shows_the_sign_whose_turn_it_is(open_model: Model) -> None:
    network = random_network(d_vocab=len(open_model.tokenizer))
    last = network.decoder_norm
    assert isinstance(last, torch.nn.LayerNorm)
    with torch.no_grad():  # whatever it reads, it writes <unk>
        network.embedding.weight[3] = 9.0
        last.weight.zero_()
        last.bias.fill_(1.0)
    model = Model("mine", network, open_model.tokenizer)
    given = [*model.tokenizer.encode("le").ids, 3]
    trace = model.teacher_force("I like 🐶 the 🐱", [*given, *given])
    assert trace.predicted.ids == (3,) * len(trace.tgt_out)
    first = trace.tgt_in.ids.index(3)
    assert [*trace.predicted.pieces[:first]] == ["⟨🐶⟩"] * first
    assert trace.predicted.pieces[first] == "⟨🐱⟩"
    assert trace.predicted.pieces[-1] == "⟨�⟩"
    typed = model.teacher_force("I like 🐶 the 🐱", "le 🐱 le 🐶")
    for written, foretold in zip(typed.tgt_out.pieces, typed.predicted.pieces, strict=True):
        assert "⟨" not in written or foretold == written, "one token, one name"


def test_phones_and_typewriters_write_the_same(open_model: Model) -> None:
    for typed, plain in (
        ("J’aime le chat.", "J'aime le chat."),
        ("I  like\nthe\tcat. ", "I like the cat."),
        ("Ｉ like the cat．", "I like the cat."),
        ("Où est-il ?", "Où est-il ?"),
    ):
        assert open_model.read(typed).ids == open_model.read(plain).ids
        assert open_model.read(typed).text == typed, "what was typed is what is shown"


HUGE = {
    "from the first step on": ("encoder.0.self_attention.in_proj.weight", 1e37),
    "in what is read": ("embedding.weight", 1e37),
}


@pytest.mark.parametrize("where", HUGE)
@pytest.mark.parametrize("strategy", ["greedy", "beam", "sampling"])
def test_numbers_that_do_not_stay_finite_are_refused(where: str, strategy: str) -> None:
    broken = overflowing(*HUGE[where])
    attempts: list[Callable[[], object]] = [
        lambda: broken.run("c a b", strategy=strategy),
        lambda: broken.decode(broken.read("c a b"), strategy=strategy),
        lambda: broken.teacher_force("c a b", "b a c"),
        lambda: broken.run_many(["c a b", "x y"]),
        lambda: broken.translate(["c a b"]),
    ]
    for attempt in attempts:
        with pytest.raises(ValueError, match="numbers grow too large to be computed with"):
            attempt()


@pytest.mark.parametrize("strategy", ["greedy", "beam", "sampling"])
def test_numbers_that_overflow_later_are_refused_too(
    tiny: Model, strategy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    advance, steps = Stepper.advance, count()

    def grows(stepper: Stepper, ids: torch.Tensor) -> torch.Tensor:
        return advance(stepper, ids) * (1.0 if next(steps) < 2 else float("nan"))

    monkeypatch.setattr(Stepper, "advance", grows)
    with pytest.raises(ValueError, match="numbers grow too large"):
        tiny.decode(tiny.read("c a b"), strategy=strategy)


def test_models_do_not_share_anything() -> None:
    one, two = random_model(seed=1), random_model(seed=2)
    before = one.run("c a b").log_probs.copy()
    two.run("a b c")
    np.testing.assert_array_equal(one.run("c a b").log_probs, before)
    assert one.digest != two.digest
