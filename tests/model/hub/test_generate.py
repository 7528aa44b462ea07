"""The ids that we write against those of `generate`, with the same settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
import transformers

from headlight.model.checkpoints.hub.generation import rules, strategy
from headlight.model.checkpoints.hub.network import read_network
from headlight.model.decoding import Stepper
from headlight.model.run.edits import Edits
from tests.model.hub.folders import FOLDERS, write

hf: Any = transformers
TEXTS = [name for name in FOLDERS if name != "whisper"]
LONGEST = 12
SETTINGS: dict[str, dict[str, Any]] = {
    "greedy": {},
    "forced first and last": {"forced_bos_token_id": 17, "forced_eos_token_id": "eos"},
    "closed tokens": {
        "suppress_tokens": list(range(20, 60)),
        "begin_suppress_tokens": list(range(60, 150)),
        "bad_words_ids": [[11], [12]],
        "min_length": 6,
    },
    "no repeats": {"no_repeat_ngram_size": 2},
    "beam": {"num_beams": 4, "length_penalty": 1.0},
    "beam, early": {"num_beams": 3, "length_penalty": 0.6, "early_stopping": True},
    "beam, never": {"num_beams": 3, "length_penalty": 2.0, "early_stopping": "never"},
    "beam, negative": {"num_beams": 4, "length_penalty": -0.5, "no_repeat_ngram_size": 3},
    "beam, forced": {"num_beams": 4, "forced_bos_token_id": 9, "forced_eos_token_id": "eos"},
}


@pytest.fixture(scope="module", params=TEXTS)
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """(our network, theirs) of one folder."""
    folder: Path = tmp_path_factory.mktemp("hub")
    theirs = write(request.param, folder)
    network = read_network(folder)
    with torch.no_grad():  # an end that comes now and then, and not at once
        bias = torch.zeros(network.config.d_vocab)
        bias[network.config.eos_id] = 2.0 * network.config.logits_scale
        theirs.get_output_embeddings().register_forward_hook(lambda _, __, out: out + bias)
        network.logits_bias = torch.nn.Parameter(
            bias + (0 if network.logits_bias is None else network.logits_bias), False
        )
    return network, theirs


@pytest.mark.parametrize("name", SETTINGS)
def test_the_ids_are_those_of_generate(pair: Any, name: str) -> None:
    network, theirs = pair
    config = network.config
    given = {
        key: config.eos_id if value == "eos" else value for key, value in SETTINGS[name].items()
    }
    ids = {"decoder_start_token_id": config.bos_id, "pad_token_id": config.pad_id}
    settings = {**ids, "eos_token_id": config.eos_id, "max_length": LONGEST + 1, **given}
    kept_to = rules(settings, config)
    assert kept_to.max_len == LONGEST
    assert not kept_to.not_followed
    lengths = set()
    for seed in range(2):
        torch.manual_seed(seed)
        src = torch.randint(3, 150, (1, 12))
        theirs.generation_config = hf.GenerationConfig(**settings)
        with torch.inference_mode():
            expected = theirs.generate(src, attention_mask=torch.ones_like(src))[0].tolist()
            stepper = Stepper(network, src, Edits(), rules=kept_to, limit=LONGEST)
            found = strategy(settings).decode(stepper, (), LONGEST)[0]
        while len(expected) > 2 and expected[-1] == expected[-2] == config.pad_id:
            expected.pop()
        assert [config.bos_id, *found.ids] == expected
        lengths.add(len(found.ids))
    assert max(lengths) > 1


def test_what_is_not_followed_is_said(pair: Any) -> None:
    network, _ = pair
    settings = {
        "repetition_penalty": 1.3,
        "do_sample": True,
        "bad_words_ids": [[5], [6, 7]],
        "eos_token_id": [2, 3],
    }
    kept_to = rules(settings, network.config)
    told = " ".join(kept_to.not_followed)
    assert len(kept_to.not_followed) == 4
    assert "sets repetition_penalty to 1.3, which is not followed" in told
    assert "asks for sampling" in told
    assert "forbids 1 sequences of several tokens" in told
    assert "2 tokens that end a text" in told
    assert kept_to.never == (5,)
