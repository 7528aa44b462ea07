"""A card's figures are those that its command measured, in their places and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from headlight.model import Model
from headlight.model.checkpoints.folder import CHECKPOINTS
from headlight.model.tasks import task
from headlight.model.training import card
from headlight.model.training.card import Job, between, in_readme, marks, pieces, work, write

NAMES = ("quality", "lengths", "domains")


def test_the_shipped_card_and_readme_have_their_places() -> None:
    text = (CHECKPOINTS / "translate-en-fr" / "card.md").read_text("utf-8")
    for name in NAMES:
        assert between(text, name, ["new"]).count("new") == text.count("new") + 1
    readme = card.README.read_text("utf-8")
    for slug in ("translate-en-fr", "reverse", "sort", "dates", "read-digits", "hear-digits"):
        changed = in_readme(readme, slug, "as good as new")
        assert changed.count("as good as new") == 1
        assert f"`headlight evaluate {slug}" in changed
    with pytest.raises(ValueError, match="0 lines for `haiku`"):
        in_readme(readme, "haiku", "")
    with pytest.raises(ValueError, match="does not have the marks"):
        between("no marks", "quality", [])


def test_the_figures_of_a_translator(
    tiny: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sentences that the model translates perfectly, as its own outputs are the right answers."""
    texts = ["a b c", "q w e r t", "x y", "k j h g f d s"]
    pairs = [(text, output) for text, output in zip(texts, tiny.translate(texts), strict=True)]
    model = Model("translate-en-fr", tiny.network, tiny.tokenizer, task("translate-en-fr"))
    monkeypatch.setattr(card, "load", lambda slug: model)
    monkeypatch.setattr(card, "AT_ONCE", 3)
    monkeypatch.setattr(card, "PENALTIES", (0.6,))
    monkeypatch.setattr(card, "domain_names", lambda _: ["everyday sentences (dev)"])
    for module in ("card", "domains"):
        monkeypatch.setattr(f"headlight.model.training.{module}.read_pairs", lambda *_: pairs)
    card.loaded.cache_clear()
    card.references.cache_clear()
    job = Job("translate-en-fr", tmp_path, beams=True)
    todo = pieces(job)
    assert [piece for piece in todo if piece[0] != "domain"] == [
        *[("greedy", 0), ("greedy", 3)],
        *[("beam", 0.6, 0), ("beam", 0.6, 3)],
    ]
    found = {piece: work(job, piece) for piece in todo}
    file, readme = tmp_path / "card.md", tmp_path / "README.md"
    file.write_text("top\n" + "\n".join("{}\nold\n{}".format(*marks(name)) for name in NAMES))
    readme.write_text("| `translate-en-fr` | what | old | how |\n| `sort` | what | kept | how |\n")
    write(job, found, file, readme)
    text = file.read_text()
    assert "old" not in text
    assert text.startswith("top")
    assert "| greedy | 100.0 | 100.0 | 1.000 |" in text
    assert "| beam of 5, length penalty 0.6 (`--beam 5`) |" in text
    assert "| source tokens | 1–4 | 5–8 |\n|---|--:|--:|\n| sentences | 2 | 2 |" in text
    assert "| everyday sentences (dev) | 4 | 100.0 | 100.0 |" in text
    said = readme.read_text()
    assert "| `translate-en-fr` | what | 100.0 BLEU and 100.0 chrF on dev, greedy | how |" in said
    assert "| `sort` | what | kept | how |" in said


def test_a_task_with_one_right_answer_has_a_share(
    tiny: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("| `reverse` | what | old | how |\n")
    found = {("exact",): {"inputs": 1000, "exact_match": 0.9985}}
    write(Job("reverse", None, beams=True), found, tmp_path / "card.md", readme)
    said = "| `reverse` | what | 99.9 % of 1,000 fresh inputs exactly right | how |\n"
    assert readme.read_text() == said
