"""More voices to learn from: each says every digit, and no row that is measured has any."""

from __future__ import annotations

import sys
from collections import Counter
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from headlight.model.run.arrays import Array
from headlight.model.run.sources import Sound
from headlight.model.tasks import more_spoken
from headlight.model.tasks.accents import SPELT
from headlight.model.tasks.digits import FOLDER, WORDS
from headlight.model.tasks.hear_digits import OTHERS, HearDigits, SpokenDigits
from headlight.model.tasks.more_spoken import main
from headlight.model.tasks.synthesizers import (
    ACCENTS,
    DIPHONES,
    FESTIVAL,
    PACKAGES,
    RHVOICE,
    SAID,
    SYNTHESIZERS,
    Synthesizer,
    espeak,
    flite,
    recorded,
)

HUM = """#!{python}
import sys
import numpy as np, soundfile
hertz = 200 if "espeak-ng" in sys.argv[0] else 300
loud = np.sin(2 * np.pi * hertz * np.arange(8_000) / 16_000)
silent = np.zeros(1_600)
soundfile.write("said.wav", np.concatenate([silent, loud, silent]) / 2, 16_000)
"""
"""In place of both programs: half a second of a tone between two silences."""


def first(synthesizer: Synthesizer) -> Synthesizer:
    """Only the two first digits of its first voice."""
    return lambda random: islice(synthesizer(random), 4)


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Array]:
    for name in ("espeak-ng", "flite"):
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(HUM.format(python=sys.executable))
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(more_spoken, "SYNTHESIZERS", (first(espeak), first(flite)))
    main(["--data", str(tmp_path)])
    with np.load(tmp_path / FOLDER / "more-spoken-digits.npz") as stored:
        return dict(stored)


def test_words_are_cut_out_of_their_silence_at_the_rate_of_the_others(
    written: dict[str, Array],
) -> None:
    assert written["digits"].tolist() == [0, 0, 1, 1] * 2
    assert written["speakers"].tolist() == ["espeak-ng 0"] * 4 + ["flite 0"] * 4
    assert written["rate"] == 8_000
    words = SpokenDigits(written).audio
    for word, hertz in zip(words, [200] * 4 + [300] * 4, strict=True):
        assert len(word) / 8_000 == pytest.approx(0.5, abs=0.03)
        assert np.abs(word).max() == pytest.approx(more_spoken.PEAK / 32_768, rel=1e-3)
        assert np.abs(np.fft.rfft(word, 8_000)).argmax() == pytest.approx(hertz, abs=2)


@pytest.mark.parametrize("synthesizer", SYNTHESIZERS, ids=lambda one: one.__name__)
def test_every_voice_says_every_digit_as_often_and_hardly_two_are_one(
    synthesizer: Synthesizer,
) -> None:
    said = list(synthesizer(np.random.default_rng(0)))
    times = Counter((saying.voice, saying.digit) for saying in said)
    voices = {saying.voice for saying in said}
    assert set(times) == {(voice, digit) for voice in voices for digit in range(10)}
    assert len(set(times.values())) == 1
    assert all(SAID in saying.command for saying in said)
    different = {(saying.command, saying.text) for saying in said}
    alike = 8.0 if synthesizer is recorded else 1.0
    assert 0.9 < len(different) / len(said) * alike <= 1  # some by chance


def test_every_accent_spells_ten_digits_and_is_spoken() -> None:
    assert set(SPELT) == {one for one in (*ACCENTS, *DIPHONES, *FESTIVAL, *RHVOICE) if one in SPELT}
    assert {*DIPHONES, *FESTIVAL, *RHVOICE} <= {"", *SPELT}
    assert all(len(words) == len(WORDS) for words in SPELT.values())


def test_every_program_is_among_the_packages_that_are_asked_for() -> None:
    needed = {"espeak-ng", "flite", "sox", "festival", "rhvoice", "libttspico-utils"}
    packages = set(" ".join(PACKAGES).split())
    people = {person.split("-")[0] for persons in DIPHONES.values() for person in persons}
    assert needed | {f"mbrola-{person}" for person in people} <= packages


@pytest.mark.parametrize("script", [None, "#!/bin/sh\nexit 1\n"])
def test_a_program_that_is_not_there_or_fails_is_named_with_what_to_install(
    script: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if script is not None:
        (tmp_path / "espeak-ng").write_text(script)
        (tmp_path / "espeak-ng").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit, match=r"espeak-ng[\s\S]*apt install espeak-ng flite"):
        main(["--data", str(tmp_path)])
    assert not list(tmp_path.rglob("*.npz"))


def test_a_share_of_the_rows_for_training_is_said_by_the_other_voices() -> None:
    stored = HearDigits().shipped
    others = SpokenDigits(
        {
            "audio": np.concatenate([np.full(900, 20_000, np.int16)] * 10),
            "ends": np.arange(900, 9_001, 900),
            "digits": np.arange(10),
            "speakers": np.array(["a voice"] * 10),
            "rate": np.array(8_000),
        }
    )
    stored.others = others
    for calm, expected in ((False, OTHERS), (True, 0.0)):
        made = stored.make([1] * 400, np.random.default_rng(0), calm)
        sounds = [source for source, _ in made if isinstance(source, Sound)]
        lengths = [end - start for sound in sounds for start, end, _ in sound.marks or ()]
        shorter = np.mean([seconds < 0.15 for seconds in lengths])  # 0.11 s at normal speed
        assert shorter == pytest.approx(expected, abs=0.07)
