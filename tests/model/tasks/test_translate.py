"""Translation pairs: read, varied, batched by length; scores; sentences outside of the corpus."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from headlight.model.run.tokenizer import Tokenizer
from headlight.model.run.vocabularies import learn_subwords
from headlight.model.tasks import Batch
from headlight.model.tasks.translate import FOLDER, SentencePairs, Translate, read_pairs, score

TRAIN = [
    ("Tom is here.", "Tom est ici."),
    ("The black cat sleeps.", "Le chat noir dort."),
    ("I don't like coffee.", "Je n'aime pas le café."),
    ("I don't like coffee.", "Je n'aime pas le café."),
    ("Where is Mary?", "Où est Marie ?"),
    ("It rains, and I stay at home with a good book.", "Il pleut, et je reste à la maison."),
    ("It rains 0123456789 times.", "Il pleut 0123456789 fois."),
]
DEV = [("Is Tom here?", "Tom est-il ici ?"), ("Is Tom here?", "Est-ce que Tom est là ?")]
DEV += [("It rains.", "Il pleut.")]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a corpus of its own."""
    folder = tmp_path_factory.mktemp("data")
    (folder / FOLDER).mkdir()
    for split, pairs in (("train", TRAIN), ("dev", DEV)):
        with gzip.open(folder / FOLDER / f"{split}.tsv.gz", "wt", encoding="utf-8") as file:
            file.writelines(f"{english}\t{french}\tCC-BY\n" for english, french in pairs)
    return folder


@pytest.fixture(scope="module")
def subwords() -> Tokenizer:
    return learn_subwords((text for pair in TRAIN for text in pair), 120)


def test_pairs_are_read_once_each_in_order(data: Path) -> None:
    assert read_pairs(data, "train") == list(dict.fromkeys(TRAIN))
    assert read_pairs(data, "dev") == DEV


def test_a_missing_corpus_says_where_it_comes_from(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"train\.tsv\.gz does not exist\. .*--data.*tatoeba\.org"):
        read_pairs(tmp_path, "train")
    with pytest.raises(ValueError, match="--data"):
        Translate().tokenizer(tmp_path)


def test_the_vocabulary_is_learnt_from_both_languages(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("headlight.model.tasks.translate.reword", lambda pair, random: pair)
    tokenizer = Translate().tokenizer(data)
    for pair in TRAIN:
        for text in pair:
            assert tokenizer.decode(tokenizer.encode(text).ids).text == text


def test_an_epoch_holds_every_pair_once(subwords: Tokenizer) -> None:
    hues = [f"{a}{b}" for a in "abcdefghijklmno" for b in "abcdefghijklmnopqrst"]
    rainy = [(f"It rains in {hue}.", f"Il pleut en {hue}.") for hue in hues]
    batches = SentencePairs(rainy, DEV, subwords, seed=0, batch=400)
    n, texts = 0, list[str]()
    while len(texts) < 300:
        batch = batches.batch(n)
        n += 1
        assert batch.tgt_out.size <= 400, "no more target tokens than asked for, padding included"
        texts += _texts(subwords, batch.src)
    assert len(texts) == 300
    plain = {source.rstrip(".").lower() for source, _ in rainy}
    found = {text.rstrip(".").lower() for text in texts}
    assert len(found & plain) > 250  # a few carry an unknown sign, or are in capitals


def _texts(tokenizer: Tokenizer, ids: np.ndarray) -> list[str]:
    return [tokenizer.decode(row[row > 2].tolist()).text for row in ids]


def test_a_step_has_its_own_batch_whatever_was_asked_before(subwords: Tokenizer) -> None:
    def fresh(seed: int = 0) -> SentencePairs:
        return SentencePairs(TRAIN * 20, DEV, subwords, seed, batch=60)

    straight, jumping = fresh(), fresh()
    steps = [straight.batch(n) for n in range(150)]  # several epochs
    for n in (149, 3, 77, 0, 149):
        assert _same(jumping.batch(n), steps[n])
    other = fresh(seed=1)
    assert not all(_same(other.batch(n), steps[n]) for n in range(10))


def _same(one: Batch, two: Batch) -> bool:
    return all(
        np.array_equal(getattr(one, k), getattr(two, k)) for k in ("src", "tgt_in", "tgt_out")
    )


def test_epochs_differ(subwords: Tokenizer) -> None:
    batches = SentencePairs(TRAIN, DEV, subwords, seed=0, batch=1_000)
    epochs = {tuple(_texts(subwords, batches.batch(n).src)) for n in range(12)}
    assert len(epochs) > 1


def test_evaluation_uses_every_reference_of_a_source(subwords: Tokenizer) -> None:
    batches = SentencePairs(TRAIN, DEV, subwords, seed=0, batch=100)
    answers = {"Is Tom here?": "Est-ce que Tom est là ?", "It rains.": "Il pleut."}
    quality = batches.evaluate(lambda texts: [answers[text] for text in texts])
    assert list(quality) == ["bleu", "chrf"]
    assert quality["bleu"] == pytest.approx(100)
    wrong = batches.evaluate(lambda texts: ["Il neige." for _ in texts])
    assert wrong["bleu"] < 40


def test_scores_are_those_of_sacrebleu() -> None:
    import sacrebleu

    outputs = ["the cat is on the mat", "a dog"]
    references = [["the cat sat on the mat", "a cat is on a mat"], ["a dog runs"]]
    found = score(outputs, references)
    columns = [["the cat sat on the mat", "a dog runs"], ["a cat is on a mat", None]]
    assert found["bleu"] == sacrebleu.corpus_bleu(outputs, columns).score  # type: ignore[arg-type]
    assert found["chrf"] == sacrebleu.corpus_chrf(outputs, columns).score  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "   ", "\n\t "])
def test_blank_text_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"no text to translate\. Accepted: an English sentence"):
        Translate().check(text)


def test_the_shape_fits_what_is_shipped() -> None:
    config = Translate().config(8_000)
    assert (config.n_encoder_layers, config.n_decoder_layers, config.n_heads) == (3, 3, 8)
    assert config.max_positions == 512
