"""Whisper: the sound as its reference has it, and the ids, languages and times of `generate`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers.models.whisper import generation_whisper as theirs_by_hand

import headlight
from headlight.model import CheckpointError, Model, Sound
from headlight.model.analysis.alignment.times import first_positions, smoothed, word_times
from headlight.model.network.front_shapes import MelShape
from headlight.model.paths import ASSETS
from headlight.model.run.reading import columns_of
from headlight.model.run.speech import read_speech

hf: Any = transformers
RATE = 16_000
WORDS, END, START, EN, DE, FR, TRANSLATE, TRANSCRIBE, WITHOUT = range(299, 308)
"""The first id behind the pieces is the end of the text."""
N_TOKENS, POSITIONS = WITHOUT + 1 + 51, 50
SETTINGS: dict[str, Any] = {
    "lang_to_id": {"<|en|>": EN, "<|de|>": DE, "<|fr|>": FR},
    "task_to_id": {"translate": TRANSLATE, "transcribe": TRANSCRIBE},
    "is_multilingual": True,
    "no_timestamps_token_id": WITHOUT,
    "max_initial_timestamp_index": 20,
    "alignment_heads": [[0, 1], [1, 2], [7, 0]],
    "suppress_tokens": [5, 6, 7, START, *range(EN, WITHOUT)],
    "begin_suppress_tokens": [8, END],
    "decoder_start_token_id": START,
    "bos_token_id": END,
    "eos_token_id": END,
    "pad_token_id": END,
    "max_length": 20,
}
ENGLISH: dict[str, Any] = {
    **SETTINGS,
    "is_multilingual": False,
    "forced_decoder_ids": [[1, WITHOUT]],
    "lang_to_id": None,
    "task_to_id": None,
}


def sound(seed: int = 0, seconds: float = 0.6, rate: int = RATE) -> Sound:
    """Some noise that grows and falls."""
    random = np.random.default_rng(seed)
    n = round(seconds * rate)
    swell = np.sin(np.linspace(0, np.pi * (2 + seed), n)) ** 2
    return Sound((random.normal(size=n) * swell * 0.1).astype(np.float32), rate)


def write(folder: Path, settings: dict[str, Any]) -> Any:
    """A tiny random Whisper of one second in `folder`; what `transformers` makes of it."""
    torch.manual_seed(0)
    config = hf.WhisperConfig(
        **{"d_model": 48, "encoder_layers": 2, "decoder_layers": 2, "init_std": 0.3},
        **{"encoder_attention_heads": 4, "decoder_attention_heads": 4},
        **{"encoder_ffn_dim": 96, "decoder_ffn_dim": 96, "num_mel_bins": 16},
        **{"vocab_size": N_TOKENS, "max_source_positions": POSITIONS, "max_target_positions": 32},
        **{"pad_token_id": END, "bos_token_id": END, "eos_token_id": END},
        decoder_start_token_id=START,
        suppress_tokens=None,
        begin_suppress_tokens=None,
    )
    model = hf.WhisperForConditionalGeneration(config).eval()
    model.save_pretrained(folder)
    model.generation_config = hf.GenerationConfig(**settings)
    told = {name: value for name, value in settings.items() if value is not None}
    (folder / "generation_config.json").write_text(json.dumps(told))
    backend = Tokenizer(models.BPE())
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    sentences = (ASSETS / "sentences" / "english.txt").read_text("utf-8").splitlines()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=WORDS + 1, initial_alphabet=alphabet, show_progress=False
    )
    backend.train_from_iterator(sentences, trainer)
    names = ["<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|de|>", "<|fr|>"]
    backend.add_special_tokens([*names, "<|translate|>", "<|transcribe|>", "<|notimestamps|>"])
    assert backend.token_to_id("<|notimestamps|>") == WITHOUT
    backend.save(str(folder / "tokenizer.json"))
    return model


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[Model, Any]:
    """(ours, theirs) of several languages."""
    folder = tmp_path_factory.mktemp("many")
    theirs = write(folder, SETTINGS)
    return headlight.load(folder), theirs


@pytest.mark.parametrize("n_mels", [80, 128])
def test_the_window_is_the_references(n_mels: int) -> None:
    given = sound(seconds=3.3)
    reference = hf.WhisperFeatureExtractor(feature_size=n_mels)
    expected = reference(given.samples, sampling_rate=RATE, return_tensors="pt").input_features[0]
    found = columns_of(given, MelShape(n_mels))
    assert found.shape == (n_mels, 3_000)
    assert torch.equal(found, expected)


def features(given: Sound) -> torch.Tensor:
    reference = hf.WhisperFeatureExtractor(feature_size=16, chunk_length=1)
    found: torch.Tensor = reference(
        given.samples, sampling_rate=RATE, return_tensors="pt"
    ).input_features
    return found


@pytest.mark.parametrize(
    ("chosen", "given"),
    [
        ({"source_language": "fr"}, {"language": "fr", "task": "transcribe"}),
        ({"source_language": "en", "task": "translate"}, {"language": "en", "task": "translate"}),
        ({}, {"task": "transcribe"}),
    ],
    ids=["a language", "translated", "the language that is heard"],
)
def test_ids_are_those_of_generate(
    many: tuple[Model, Any], chosen: dict[str, str], given: dict[str, Any]
) -> None:
    ours, theirs = many[0].choose(**chosen), many[1]
    written = set()
    for seed in range(3):
        heard = sound(seed)
        theirs.generation_config = hf.GenerationConfig(**SETTINGS)
        with torch.inference_mode():
            expected = theirs.generate(features(heard), **given)[0].tolist()
        found = list(ours.decode(ours.read(heard)).ids)
        begun = len(ours.rules.begins_with)
        text = [i for i in found[begun:] if i != END]
        assert text == [i for i in expected if i not in range(END, WITHOUT + 1)]
        assert len(found) > begun + 3
        written.add(tuple(text))
    assert len(written) > 1, "the same text for every sound would prove little"


def test_times_are_written_by_the_rules_of_generate(many: tuple[Model, Any]) -> None:
    ours, theirs = many[0].choose(source_language="fr", timestamps="written"), many[1]
    settings = hf.GenerationConfig(**{**SETTINGS, "max_length": 24})
    rules = hf.WhisperTimeStampLogitsProcessor(settings, begin_index=3)
    n_times = 0
    for seed in range(4):
        with torch.inference_mode():  # past Whisper's own `generate`, which reads on behind a time
            expected = hf.generation.GenerationMixin.generate(
                theirs,
                features(sound(seed)),
                decoder_input_ids=torch.tensor([[START, FR, TRANSCRIBE]]),
                generation_config=settings,
                logits_processor=[rules],
            )[0].tolist()
        found = list(ours.decode(ours.read(sound(seed)), max_len=23).ids)
        assert [START, *found] == expected
        n_times += sum(i > WITHOUT for i in found)
    assert n_times > 8


def test_an_english_one_begins_as_its_file_says(tmp_path: Path) -> None:
    theirs = write(tmp_path, ENGLISH)
    ours = headlight.load(tmp_path)
    assert [one.name for one in ours.choices.all] == ["timestamps"]
    assert ours.rules.begins_with == ((WITHOUT,),)
    with torch.inference_mode():
        expected = theirs.generate(features(sound()))[0].tolist()
    found = ours.decode(ours.read(sound())).ids
    assert [i for i in found if i < END] == [i for i in expected if i < END]


def test_choices_come_from_the_files(many: tuple[Model, Any]) -> None:
    model, _ = many
    offered = {one.name: (one.values, one.default) for one in model.choices.all}
    assert offered == {
        "source_language": (("detected", "de", "en", "fr"), "detected"),
        "task": (("translate", "transcribe"), "transcribe"),
        "timestamps": (("not written", "written"), "not written"),
    }
    assert model.alignment_heads == ((0, 1), (1, 2)), "the third is not there"
    assert model.tokenizer.piece(WITHOUT + 1 + 25) == "<|0.50|>"


def test_a_given_text_begins_as_a_written_one(many: tuple[Model, Any]) -> None:
    model = many[0].choose(source_language="de")
    trace = model.teacher_force(sound(), "The old man")
    assert trace.tgt_out.ids[:3] == (DE, TRANSCRIBE, WITHOUT)
    assert trace.tgt_out.pieces[-1] == "<|endoftext|>"
    assert trace.output_text == "The old man"
    heard = many[0].run(sound(), max_len=8)
    assert many[0].teacher_force(sound(), "The").tgt_out.ids[0] == heard.tgt_out.ids[0]
    again = model.run(sound(), prefix="The old")
    assert again.output_text.startswith("The old")


def test_positions_know_their_seconds(many: tuple[Model, Any]) -> None:
    model, _ = many
    source = model.read(sound(seconds=0.6))
    assert len(source) == POSITIONS
    assert source.places[:2] == ((0.0, 0.02), (0.02, 0.04))
    assert source.special == (False,) * 30 + (True,) * 20
    assert source.words[:6] == (0, 0, 0, 0, 0, 1)
    with pytest.raises(ValueError, match=r"lasts 31\.0 seconds; this model hears at most 30"):
        read_speech(sound(seconds=31.0), MelShape(80))
    long = read_speech(sound(seconds=12.0), MelShape(80))
    assert long.words[:11] == (*[0] * 10, 1), "a fifth of a second in a long sound"


def test_what_cannot_be_heard_is_said(many: tuple[Model, Any]) -> None:
    model, _ = many
    with pytest.raises(ValueError, match=r"lasts 1\.5 seconds; this model hears at most 1\. Cut"):
        model.run(sound(seconds=1.5))
    with pytest.raises(ValueError, match="silent"):
        model.run(Sound(np.zeros(8_000, np.int16), RATE))
    with pytest.raises(ValueError, match=r"reads a sound, not a text.*headlight\.Sound"):
        model.run("hello")


def test_wrong_settings_are_said(tmp_path: Path) -> None:
    write(tmp_path, {**SETTINGS, "alignment_heads": [1, 2]})
    with pytest.raises(CheckpointError, match=r"settings of generation in .* are wrong"):
        headlight.load(tmp_path)


def test_the_best_way_is_the_references() -> None:
    random = np.random.default_rng(0)
    for shape in ((1, 5), (4, 9), (12, 40)):
        match = random.normal(size=shape)
        rows, positions = theirs_by_hand._dynamic_time_warping(-match)
        jumps = np.diff(rows, prepend=-1) > 0
        assert first_positions(match) == positions[jumps].tolist()
        expected = theirs_by_hand._median_filter(torch.from_numpy(match)[None], 7)[0]
        np.testing.assert_array_equal(smoothed(match), expected)


def test_times_of_words_never_go_back(many: tuple[Model, Any]) -> None:
    model = many[0].choose(source_language="en")
    trace = model.teacher_force(sound(), "The old man sleeps.")
    words = word_times(trace)
    assert [one.text for one in words] == ["The", "old", "man", "sleeps."]
    edges = [edge for one in words for edge in (one.start, one.end)]
    assert edges == sorted(edges)
    assert (edges[0], edges[-1] <= 0.6) == (0.0, True)
    with pytest.raises(ValueError, match="from a sound"):
        word_times(headlight.load("reverse").run("a b"))
