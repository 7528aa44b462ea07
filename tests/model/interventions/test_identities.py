"""What must hold of every intervention, on every shipped model and on random ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from headlight.model import KINDS, Edits, Model, Trace
from headlight.model.decoding import Stepper
from headlight.model.run.arrays import Array
from headlight.model.run.edits import PATCHABLE, EditsPerRow
from tests.model.interventions import by_hooks
from tests.model.test_identities import CLOSE, EXACT, close, same_numbers, softmax

TARGET = [5, 9, 7, 8, 6, 2]


@pytest.fixture(scope="module")
def runs(any_model: Model, texts: tuple[str, ...]) -> tuple[Trace, Trace]:
    """The run that is edited, and another one that values are taken from."""
    first, second = (any_model.teacher_force(text, TARGET) for text in texts[1:])
    return first, second


def every(trace: Trace) -> list[tuple[Any, ...]]:
    """Every quantity of a trace that can be patched."""
    places: list[tuple[Any, ...]] = []
    for kind in KINDS:
        for layer in range(trace.n_layers(kind)):
            places += [("z", kind, layer, head) for head in range(trace.heads(kind))]
            places.append(("out", kind, layer))
    for stack in ("encoder", "decoder"):
        for layer, record in enumerate(getattr(trace, stack).layers):
            names = [n for n in PATCHABLE if getattr(record, n, None) is not None]
            places += [(name, stack, layer) for name in names]
    return places


def value(trace: Trace, place: tuple[Any, ...]) -> Any:
    name, where, layer, *head = place
    if where in KINDS:
        found = getattr(trace.attention[where][layer], name)
        return found[head[0]] if head else found
    return getattr(getattr(trace, where).layers[layer], name)


def again(any_model: Model, trace: Trace, edits: Edits) -> Trace:
    return any_model.teacher_force(trace.source_text, TARGET, edits=edits)


def changes(trace: Trace, other: Trace) -> dict[str, Edits]:
    """One of each kind of edit, each of which changes what this model writes."""
    config = trace.attention["cross"][0].z.shape
    d_model, last = trace.memory.shape[1], trace.n_layers("cross") - 1
    direction = np.linspace(-1, 1, d_model)
    row = np.zeros(len(trace.src))
    row[:2] = 0.25, 0.75
    top = int(trace.attention["cross"][0].pattern[1, 2].argmax())
    crossed = other.attention["cross"][0]
    return {
        "edge": Edits(cut={("cross", 0, 1, 2, top)}),
        "column": Edits(cut={("decoder_self", None, None, None, 0)}),
        "row": Edits(cut={("encoder_self", 0, None, 1, None), ("cross", 1, 0, None, 1)}),
        "set": Edits(set={("cross", 0, 0, 1): row, ("decoder_self", 1, 0, 2): [0.5, 0, 0.5]}),
        "z": Edits(patch={("z", "cross", 0, 1, 1): crossed.z[1, 1]}),
        "out": Edits(patch={("out", "cross", 0, 2): crossed.out[2]}),
        "mlp": Edits(patch={("mlp_out", "encoder", 0, 1): other.encoder.layers[0].mlp_out[1]}),
        "stream": Edits(
            patch={
                ("resid_pre", "encoder", 1, 0): other.encoder.layers[1].resid_pre[0],
                ("resid_post", "decoder", 0, 1): other.decoder.layers[0].resid_post[1],
            }
        ),
        "steer": Edits(
            steer=[
                ("decoder", 1, None, 0.7, direction),
                ("encoder", 0, 1, -1.5, direction),
                ("decoder", last + 1, 1, 2.0, direction),
            ]
        ),
        "many": Edits(
            ablate={("encoder_self", 0, 0)},
            uniform={("cross", 0, 1)},
            cut={("decoder_self", 0, None, 2, 1), ("cross", None, None, 1, 0)},
            patch={("z", "cross", 1, 1, 2): np.ones(config[-1])},
            steer=[("decoder", 0, None, 0.5, direction)],
        ),
    }


NAMES = "edge column row set z out mlp stream steer many".split()


def neutral(trace: Trace) -> dict[str, Edits]:
    """Edits that put in what is there already."""
    cross, own = (trace.attention[kind][0].pattern for kind in ("cross", "decoder_self"))
    return {
        "masked edge": Edits(cut={("decoder_self", 0, None, 0, 1), ("decoder_self", 0, 1, 2, 4)}),
        "far edge": Edits(cut={("cross", None, None, 400, None), ("encoder_self", 0, 0, 0, 400)}),
        "own map": Edits(set={("decoder_self", 0, 1): own[1], ("cross", 0, 0): cross[0]}),
        "far row": Edits(set={("cross", 0, 0, 400): [1.0]}),
        "no steering": Edits(steer=[("decoder", 1, None, 0.0, np.ones(trace.memory.shape[1]))]),
        "itself": Edits(patch={place: value(trace, place) for place in every(trace)}),
    }


@pytest.mark.parametrize(
    "name", ["masked edge", "far edge", "own map", "far row", "no steering", "itself"]
)
def test_what_changes_nothing_changes_nothing_to_the_bit(
    any_model: Model, runs: tuple[Trace, Trace], name: str
) -> None:
    edits = neutral(runs[0])[name]
    assert edits
    found, before = again(any_model, runs[0], edits).to_arrays(), runs[0].to_arrays()
    for place, array in before.items():
        np.testing.assert_array_equal(found[place], array, err_msg=place)


def test_a_whole_stack_patched_from_another_run_gives_that_run(
    any_model: Model, texts: tuple[str, ...]
) -> None:
    """The same lengths: the second run is the first one with another word order."""
    ids = [5, 9, 7, 8, 6]
    first = any_model.teacher_force(texts[1], [*ids, 2])
    second = any_model.teacher_force(texts[1], [*ids[::-1], 2])
    places = [("resid_pre", "decoder", 1)]
    patched = any_model.teacher_force(
        texts[1], [*ids, 2], edits=Edits(patch={p: value(second, p) for p in places})
    )
    np.testing.assert_array_equal(patched.logits, second.logits)
    assert np.abs(first.logits - second.logits).max() > 1e-3


@pytest.mark.parametrize("kind", KINDS)
def test_patching_all_heads_is_patching_the_block(
    any_model: Model, runs: tuple[Trace, Trace], kind: str
) -> None:
    here, there = runs
    n = min(len(here.queries(kind)), len(there.queries(kind)))
    record = there.attention[kind][1]
    heads = Edits(patch={("z", kind, 1, h): record.z[h, :n] for h in range(here.n_heads)})
    block = Edits(patch={("out", kind, 1): record.out[:n]})
    found, expected = again(any_model, here, heads), again(any_model, here, block)
    close(found.log_probs, expected.log_probs, CLOSE)
    assert np.abs(found.log_probs - here.log_probs).max() > 1e-4


@pytest.mark.parametrize("name", ["edge", "column", "row", "many"])
def test_cut_edges_are_zero_and_rows_share_themselves_out_anew(
    any_model: Model, runs: tuple[Trace, Trace], name: str
) -> None:
    edits = changes(*runs)[name]
    trace = again(any_model, runs[0], edits)
    cut = 0
    for kind in KINDS:
        for layer, record in enumerate(trace.attention[kind]):
            if record.cut is None:
                continue
            cut += int(record.cut.sum())
            assert not record.pattern[record.cut].any()
            assert np.isneginf(record.attn_scores[record.cut]).all()
            assert not record.cut[:, ~record.mask].any()
            left: Array = np.any(record.mask & ~record.cut, axis=-1)
            close(record.pattern.sum(-1), left.astype(float), EXACT)
            assert not record.z[~left & ~_replaced(edits, kind, layer, record.z.shape)].any()
            heads = [h for h in range(trace.n_heads) if (kind, layer, h) not in edits.uniform]
            for h in heads:
                expected = softmax(record.attn_scores[h][left[h]])
                close(record.pattern[h][left[h]], expected, EXACT)
    assert cut > 0


def _replaced(edits: Edits, kind: str, layer: int, shape: tuple[int, ...]) -> Any:
    found = np.zeros(shape[:2], dtype=bool)
    for change in edits.at("z", kind, layer):
        found[change.head, change.position] = True
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_same_by_forward_hooks(any_model: Model, runs: tuple[Trace, Trace], name: str) -> None:
    here = runs[0]
    edits = changes(*runs)[name]
    trace = again(any_model, here, edits)
    expected = by_hooks.log_probs(any_model, here, edits)
    close(trace.log_probs, expected.numpy(), 1e-4)
    assert np.abs(trace.log_probs - here.log_probs).max() > 1e-4


@pytest.mark.parametrize("name", NAMES)
def test_decoding_with_and_without_a_cache_agree(
    any_model: Model, runs: tuple[Trace, Trace], name: str
) -> None:
    edits = changes(*runs)[name]
    trace = any_model.run(runs[0].source_text, max_len=8, edits=edits)
    src = torch.tensor([trace.src.ids])
    for cached in (True, False):
        with torch.inference_mode():
            stepper = Stepper(any_model.network, src, edits, cached=cached)
            rows = [stepper.advance(torch.tensor([[one]]))[0] for one in trace.tgt_in.ids]
        assert (stepper.cache is not None) == cached
        close(np.stack(rows), trace.log_probs)


@pytest.mark.parametrize("name", NAMES)
def test_a_batch_under_edits_is_each_text_alone(
    any_model: Model, runs: tuple[Trace, Trace], texts: tuple[str, ...], name: str
) -> None:
    edits = changes(*runs)[name]
    chosen = texts[1:]
    for text, found in zip(chosen, any_model.run_many(chosen, max_len=5, edits=edits), strict=True):
        alone = any_model.run(text, max_len=5, edits=edits)
        assert found.tgt_out.ids == alone.tgt_out.ids
        same_numbers(found, alone, 1e-4)


def test_each_row_of_a_batch_has_its_own_edits(any_model: Model, runs: tuple[Trace, Trace]) -> None:
    here = runs[0]
    rows = (*changes(*runs).values(), Edits())
    src, tgt = (torch.tensor([one.ids] * len(rows)) for one in (here.src, here.tgt_in))
    with torch.inference_mode():
        logits = any_model.network(src, tgt, None, EditsPerRow(rows)).log_softmax(-1)
    for edits, found in zip(rows, logits, strict=True):
        close(found.numpy(), again(any_model, here, edits).log_probs)


def test_a_row_with_nothing_left_gets_nothing(any_model: Model, runs: tuple[Trace, Trace]) -> None:
    trace = again(any_model, runs[0], Edits(cut={("decoder_self", 0, 1, 0, 0)}))
    record = trace.attention["decoder_self"][0]
    assert not record.pattern[1, 0].any()
    assert not record.z[1, 0].any()
    close(record.pattern[1, 1:].sum(-1), np.ones(len(TARGET) - 1), EXACT)
    others = [h for h in range(trace.n_heads) if h != 1]
    close(record.pattern[others].sum(-1), np.ones((len(others), len(TARGET))), EXACT)


@pytest.mark.parametrize("name", NAMES)
def test_a_trace_keeps_its_edits_exactly(
    any_model: Model, runs: tuple[Trace, Trace], name: str, tmp_path: Any
) -> None:
    edits = changes(*runs)[name]
    trace = again(any_model, runs[0], edits)
    trace.save(tmp_path / "run.npz")
    read = Trace.load(tmp_path / "run.npz")
    assert read.edits == edits
    for place, array in trace.to_arrays().items():
        np.testing.assert_array_equal(read.to_arrays()[place], array, err_msg=place)
