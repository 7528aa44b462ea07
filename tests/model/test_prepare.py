"""The corpus from its public file, here a small one of the same make."""

from __future__ import annotations

import gzip
import re
import zipfile
from pathlib import Path

import pytest

from headlight.model.tasks.translate import FOLDER, read_pairs
from headlight.model.training import prepare as preparing
from headlight.model.training.prepare import main, prepare, split

LICENCE = "CC-BY 2.0 (France) Attribution: tatoeba.org #1 (CK) & #2 (somebody)"
ROWS = [
    ("Go.", "Va !"),
    ("Go!", "Va\u202f!"),
    ("Is Tom  here?", "Tom est-il ici\u00a0?"),
    ("Is Tom here?", "Tom est-il ici ?"),
    ("Where\u2019s Tom?", "Où est Tom ?"),
    *((f"There are {n} cats.", f"Il y a {n} chats.") for n in range(400)),
]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    file = tmp_path / "fra-eng.zip"
    text = "".join(f"{english}\t{french}\t{LICENCE}\n" for english, french in ROWS)
    with zipfile.ZipFile(file, "w") as held:
        held.writestr("fra.txt", text + "\nno tab here\n")
        held.writestr("_about.txt", "From tatoeba.org, by way of manythings.org/anki.")
    return file


def test_the_files_are_what_training_reads(archive: Path, tmp_path: Path) -> None:
    counts = prepare(archive, tmp_path / FOLDER)
    train, dev = read_pairs(tmp_path, "train"), read_pairs(tmp_path, "dev")
    assert counts == (len(train), len(dev))
    assert sorted(train + dev) == sorted(
        [
            ("Go.", "Va !"),
            ("Go!", "Va !"),
            ("Is Tom here?", "Tom est-il ici ?"),
            ("Where’s Tom?", "Où est Tom ?"),
            *ROWS[5:],
        ]
    )
    assert "tatoeba.org" in (tmp_path / FOLDER / "ABOUT.txt").read_text("utf-8")
    with gzip.open(tmp_path / FOLDER / "train.tsv.gz", "rt", encoding="utf-8") as lines:
        assert {line.count("\t") for line in lines} == {1}, "no column of who wrote them"


def test_the_same_file_gives_the_same_bytes(archive: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        prepare(archive, tmp_path / name)
    for file in ("train.tsv.gz", "dev.tsv.gz"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_a_small_share_is_kept_apart() -> None:
    _, dev = split(ROWS[5:])
    _, more = split([(f"A {n}.", f"B {n}.") for n in range(20_000)])
    assert 1 <= len(dev) <= 15
    assert 0.012 < len(more) / 20_000 < 0.016


def test_no_sentence_of_dev_stands_in_train(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither side, case and punctuation aside, though pairs share sentences in chains."""
    monkeypatch.setattr(preparing, "DEV_SHARE", 0.5)
    chained = [(f"Yes {n // 3}", f"Oui, {(n + 1) // 3} !") for n in range(0, 300, 2)]
    chained += [(f"YES, {n}!", f"Bien sûr {n}.") for n in range(0, 100, 7)]
    train, dev = split(chained)
    assert len(train) > 20
    assert len(dev) > 20

    def bare(pairs: list[tuple[str, str]], side: int) -> set[str]:
        return {re.sub(r"\W+", " ", pair[side].lower()).strip() for pair in pairs}

    for side in (0, 1):
        assert not bare(train, side) & bare(dev, side)


def test_large_groups_are_trained_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "DEV_SHARE", 1.0)
    many = [("Go!", f"Va {n} !") for n in range(11)]
    few = [("Stop!", f"Arrête {n} !") for n in range(10)]
    assert split(many + few) == (many, few)


def test_what_moves_when_the_file_grows_is_little() -> None:
    old = [(f"A {n}.", f"B {n}.") for n in range(5_000)]
    new = old + [(f"C {n}.", f"D {n}.") for n in range(5_000)]
    assert [pair for pair in split(new)[1] if pair in set(old)] == split(old)[1]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "does not exist. It comes from www.manythings.org/anki"),
        (b"PK nonsense", "cannot be read"),
        ({"deu.txt": b"Go.\tGeh."}, "holds deu.txt, but no fra.txt"),
        ({"fra.txt": b"\xff\xfe\x00"}, "cannot be read"),
        ({"fra.txt": b"no tab\n"}, "holds no pairs: lines of English, a tab, and French"),
    ],
)
def test_another_file_is_refused_by_name(
    tmp_path: Path, content: bytes | dict[str, bytes] | None, said: str
) -> None:
    file = tmp_path / "other.zip"
    if isinstance(content, bytes):
        file.write_bytes(content)
    elif content:
        with zipfile.ZipFile(file, "w") as held:
            for name, inner in content.items():
                held.writestr(name, inner)
    with pytest.raises(ValueError, match=re.escape(said)) as error:
        prepare(file, tmp_path / "out")
    assert str(file) in str(error.value)
    assert not (tmp_path / "out").exists()


def test_a_corpus_is_not_written_over(archive: Path, tmp_path: Path) -> None:
    prepare(archive, tmp_path / FOLDER)
    with pytest.raises(ValueError, match=r"is there\. Remove it, or choose another --out"):
        prepare(archive, tmp_path / FOLDER)


def test_the_command_says_what_comes_next(
    archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([str(archive), "--out", str(tmp_path / "data")])
    said = capsys.readouterr().out
    assert "pairs to train with" in said
    assert f"headlight train translate-en-fr --data {tmp_path / 'data'}" in said
    assert read_pairs(tmp_path / "data", "train")
    with pytest.raises(SystemExit, match=r"is there\. Remove"):
        main([str(archive), "--out", str(tmp_path / "data")])
