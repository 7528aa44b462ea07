"""Training and measuring as one asks for them."""

from __future__ import annotations

from pathlib import Path

import pytest

import headlight
from headlight.model.run.vocabularies import whole_words
from headlight.model.tasks import task
from headlight.model.tasks.base import SyntheticData, exact_match
from headlight.model.tasks.reverse import Reverse
from headlight.model.training.evaluate import FRESH_SEED, evaluate
from headlight.model.training.train import build, main
from tests.model.training.small import CONFIG


def test_the_command_trains_and_says_what_comes_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Reverse, "config", lambda self, d_vocab: CONFIG)
    monkeypatch.setattr(SyntheticData, "evaluate", lambda self, decode: {"accuracy": 0.5})
    run = str(tmp_path / "run")
    monkeypatch.setattr("sys.argv", ["train", "reverse", "--run", run, "--steps", "3"])
    main()
    printed = capsys.readouterr()
    assert "headlight publish reverse" in printed.out
    assert "3/3" in printed.err
    assert "accuracy=0.500" in printed.err
    assert headlight.load(run).task is task("reverse")
    monkeypatch.setattr("sys.argv", ["train", "reverse", "--run", run, "--steps", "4"])
    with pytest.raises(SystemExit, match="other settings"):
        main()
    for steps in ("0", "-5"):
        monkeypatch.setattr("sys.argv", ["train", "reverse", "--run", run, "--steps", steps])
        with pytest.raises(SystemExit, match=f"at least 1, not {steps}"):
            main()


def test_going_on_from_a_model_keeps_its_vocabulary(
    unbroken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A task would learn another one today: as large, with other pieces."""
    old, words = headlight.load(unbroken), list("zyxwvutsrqponmlkjihgfedcba")
    monkeypatch.setattr(Reverse, "config", lambda self, d_vocab: CONFIG)
    monkeypatch.setattr(Reverse, "tokenizer", lambda self, data: whole_words(words))
    begun = build(Reverse(), start=unbroken)
    assert begun.tokenizer.digest == old.tokenizer.digest
    assert begun.tokenizer.digest != Reverse().tokenizer(None).digest
    assert begun.model().run("a b c").output_text == old.run("a b c").output_text
    assert begun.before == Reverse.recipe.steps
    with pytest.raises(ValueError, match=r"tokenizer\.json is not a usable tokenizer"):
        build(Reverse(), start=unbroken / "snapshots")


def test_measuring_counts_whole_answers(unbroken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = headlight.load(unbroken)
    found = evaluate(loaded, n=10)
    assert found["inputs"] == 10
    assert found["exact_match"] == exact_match(Reverse(), loaded.translate, 10, FRESH_SEED)
    monkeypatch.setattr(loaded, "translate", lambda texts: [text[::-1] for text in texts])
    assert evaluate(loaded, n=40)["exact_match"] == 1.0
    for n in (0, -1):
        with pytest.raises(ValueError, match=f"must be at least 1, not {n}"):
            evaluate(loaded, n=n)
    loaded.task = None
    with pytest.raises(ValueError, match="is not trained for a task with known answers"):
        evaluate(loaded)
