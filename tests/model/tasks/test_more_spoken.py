"""More voices to learn from: each says every digit, and no row that is measured has any."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from headlight.model.run.arrays import Array
from headlight.model.run.sources import Sound
from headlight.model.tasks import more_spoken
from headlight.model.tasks.digits import FOLDER, WORDS
from headlight.model.tasks.hear_digits import OTHERS, HearDigits, SpokenDigits
from headlight.model.tasks.more_spoken import ACCENTS, SPELT, commands, main

HUM = """#!{python}
import sys
import numpy as np, soundfile
hertz = 200 if "espeak-ng" in sys.argv[0] else 300
loud = np.sin(2 * np.pi * hertz * np.arange(8_000) / 16_000)
silent = np.zeros(1_600)
soundfile.write(sys.argv[-1], np.concatenate([silent, loud, silent]) / 2, 16_000)
"""
"""In place of both programs: half a second of a tone between two silences."""


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Array]:
    for name in ("espeak-ng", "flite"):
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(HUM.format(python=sys.executable))
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(more_spoken, "VOICES", {"espeak-ng": 1, "flite": 1})
    monkeypatch.setattr(more_spoken, "WORDS", WORDS[:2])
    monkeypatch.setattr(more_spoken, "SPELT", {})
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


def test_every_voice_says_every_digit_twice_and_no_two_voices_are_one() -> None:
    said = list(commands(np.random.default_rng(0)))
    assert set(Counter((voice, digit) for voice, digit, _ in said).values()) == {2}
    assert {digit for _, digit, _ in said} == set(range(10))
    assert len({voice for voice, _, _ in said}) == sum(more_spoken.VOICES.values())
    assert len({tuple(command) for _, _, command in said}) == len(said)


def test_every_accent_spells_ten_digits_and_is_spoken() -> None:
    assert set(SPELT) < set(ACCENTS)
    assert all(len(words) == len(WORDS) for words in SPELT.values())


def test_a_program_that_is_not_there_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit, match="espeak-ng is not installed: apt install"):
        main(["--data", str(tmp_path)])


def test_half_of_the_rows_for_training_are_said_by_the_other_voices() -> None:
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
