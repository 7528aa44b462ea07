"""Our network against `transformers`, on the same folder of every family."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from headlight.model.checkpoints.hub.network import read_network
from headlight.model.decoding import fast
from headlight.model.network.source import Source
from headlight.model.network.transformer import Transformer
from headlight.model.run.recorder import Recorder
from headlight.model.run.records import block_path
from tests.model.hub.folders import FOLDERS, write

N_SRC, N_PADDING, N_TGT = 40, 10, 9
THEIRS = {
    "encoder_self": "encoder_attentions",
    "decoder_self": "decoder_attentions",
    "cross": "cross_attentions",
}


@pytest.fixture(scope="module", params=FOLDERS)
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """(our network, theirs) of one folder."""
    folder = tmp_path_factory.mktemp("hub")
    theirs = write(request.param, folder)
    return read_network(folder), theirs


def batch(network: Transformer) -> tuple[Source, dict[str, Tensor], Tensor]:
    """Two sources, the second shorter where there is padding; theirs the same; and a target."""
    torch.manual_seed(1)
    config = network.config
    tgt = torch.randint(3, config.d_vocab - 1, (2, N_TGT))
    tgt[:, 0] = config.bos_id
    if config.front is not None and not hasattr(config.front, "d_vocab"):
        mel = torch.randn(2, 80, 2 * N_SRC)
        return Source(mel), {"input_features": mel}, tgt
    lengths = torch.tensor([N_SRC, N_SRC - N_PADDING])
    ids = torch.randint(3, 150, (2, N_SRC))
    there = torch.arange(N_SRC) < lengths[:, None]
    ids[~there] = config.pad_id
    return Source(ids, lengths), {"input_ids": ids, "attention_mask": there.long()}, tgt


def test_logits_streams_and_every_map_of_every_head(pair: Any) -> None:
    network, theirs = pair
    source, given, tgt = batch(network)
    recorder = Recorder()
    with torch.inference_mode():
        logits = network(source, tgt, recorder)
        expected = theirs(
            **given,
            decoder_input_ids=tgt,
            output_attentions=True,
            output_hidden_states=True,
            use_cache=False,
        )
    torch.testing.assert_close(logits, expected.logits, atol=1e-4, rtol=1e-4)
    assert float(logits.std()) > 0.3, "even logits would hide a mistake"
    n_maps = 0
    for kind, name in THEIRS.items():
        for layer, maps in enumerate(getattr(expected, name)):
            found = recorder.tensors[f"{block_path(kind, layer)}.pattern"]
            assert found.shape == maps.shape
            n_maps += found.size(1)
            if kind == "encoder_self" and source.lengths is not None:  # padding is nobody's
                found, maps = found[:, :, : N_SRC - N_PADDING], maps[:, :, : N_SRC - N_PADDING]
            torch.testing.assert_close(found, maps, atol=2e-5, rtol=1e-4)
    config = network.config
    assert n_maps == sum(config.n_layers(kind) * config.heads(kind) for kind in THEIRS)
    for layer in range(config.n_decoder_layers):
        stream = recorder.tensors[f"decoder.{layer}.resid_pre"]
        torch.testing.assert_close(
            stream, expected.decoder_hidden_states[layer], atol=1e-4, rtol=1e-4
        )


def test_cached_steps_are_the_rows_of_the_whole(pair: Any) -> None:
    network, _ = pair
    source, _, tgt = batch(network)
    with torch.inference_mode():
        whole = network(source, tgt)
        memory = network.encode(source)
        for cuts in ([1] * N_TGT, [2, 1, 4, 2]):
            cache, start = network.start(memory), 0
            for n in cuts:
                logits = network.step(tgt[:, start : start + n], memory, cache)
                start += n
                torch.testing.assert_close(logits, whole[:, start - 1], atol=1e-4, rtol=1e-4)


def test_the_fast_decoder_computes_the_rows_of_the_whole(
    pair: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fast, "ROOM", 4)  # crossed twice in so few steps
    network, _ = pair
    source, _, tgt = batch(network)
    chosen = torch.tensor([1, 1, 0])
    with torch.inference_mode():
        whole = network(source, tgt)
        decoder = fast.FastDecoder(network, network.encode(source))
        for at in range(N_TGT - 3):
            logits = decoder.step(tgt[:, at : at + 1])
            torch.testing.assert_close(logits, whole[:, at], atol=1e-4, rtol=1e-4)
        twice = decoder.select(chosen)
        for at in range(N_TGT - 3, N_TGT):
            logits = twice.step(tgt[chosen, at : at + 1])
            torch.testing.assert_close(logits, whole[chosen, at], atol=1e-4, rtol=1e-4)
    assert fast.fits(network)
