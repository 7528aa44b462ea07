"""The corpus of the translator from its public source: `headlight prepare fra-eng.zip`.

The file is that of www.manythings.org/anki (“French - English”), with pairs from tatoeba.org. It
grows from year to year, so the pairs kept apart here are not those that the shipped model's card
tells of; they are the same for the same file, and few of them move when it grows.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ..tasks.translate import FOLDER

Pair = tuple[str, str]

DEV_SHARE = 0.014
"""Share of the groups that become dev: as in the corpus that the shipped model was trained on."""
LARGEST_GROUP = 10
"""Pairs up to which a group may become dev; "Go!" and its like have dozens."""
ABOUT = "ABOUT.txt"


def prepare(archive: Path, folder: Path) -> tuple[int, int]:
    """Write `train.tsv.gz` and `dev.tsv.gz`, a pair a line, and who made the pairs.

    Returns:
        the numbers of pairs in train and dev.

    Raises:
        ValueError: not the file that is expected, or the folder holds a corpus already.
    """
    texts, about = read_archive(archive)
    pairs = read_pairs(texts)
    if not pairs:
        raise ValueError(f"{archive} holds no pairs: lines of English, a tab, and French.")
    train, dev = split(pairs)
    files = {f"{name}.tsv.gz": part for name, part in (("train", train), ("dev", dev))}
    for name in files:
        if (folder / name).exists():
            raise ValueError(f"{folder / name} is there. Remove it, or choose another --out.")
    folder.mkdir(parents=True, exist_ok=True)
    for name, part in files.items():
        lines = "".join(f"{english}\t{french}\n" for english, french in part)
        (folder / name).write_bytes(gzip.compress(lines.encode(), mtime=0))
    (folder / ABOUT).write_text(about, encoding="utf-8")
    return len(train), len(dev)


def read_archive(archive: Path) -> tuple[str, str]:
    """The text of `fra.txt` and of the file that tells of its licence.

    Raises:
        ValueError: it is not there, or not such a file.
    """
    where = "It comes from www.manythings.org/anki: “French - English”, fra-eng.zip."
    try:
        with zipfile.ZipFile(archive) as held:
            names = held.namelist()
            if "fra.txt" not in names:
                shown = ", ".join(names[:5]) or "nothing"
                raise ValueError(f"{archive} holds {shown}, but no fra.txt. {where}")
            about = held.read("_about.txt").decode("utf-8") if "_about.txt" in names else ""
            return held.read("fra.txt").decode("utf-8-sig"), about
    except FileNotFoundError:
        raise ValueError(f"{archive} does not exist. {where}") from None
    except (zipfile.BadZipFile, UnicodeDecodeError, OSError) as error:
        raise ValueError(f"{archive} cannot be read: {error}. {where}") from None


def read_pairs(text: str) -> list[Pair]:
    """The different pairs, in the file's order; further columns (who wrote them) are left out.

    NFKC turns French no-break spaces into plain ones; runs of spaces become one.
    """
    rows = (line.split("\t") for line in io.StringIO(text))
    pairs = ((_plain(row[0]), _plain(row[1])) for row in rows if len(row) >= 2)
    return list(dict.fromkeys(pair for pair in pairs if all(pair)))


def split(pairs: Sequence[Pair]) -> tuple[list[Pair], list[Pair]]:
    """Train and dev: no sentence of one stands in the other, case and punctuation aside.

    Pairs that share an English or a French sentence, directly or by way of others, are a group and
    stay together; a group is dev or not by a hash of its sentences.
    """
    groups = _groups(pairs)
    sizes = Counter(groups)
    train, dev = list[Pair](), list[Pair]()
    for pair, group in zip(pairs, groups, strict=True):
        apart = sizes[group] <= LARGEST_GROUP and _luck(group) < DEV_SHARE
        (dev if apart else train).append(pair)
    return train, dev


def _groups(pairs: Sequence[Pair]) -> list[str]:
    """The name of each pair's group: its first sentence in the order of the alphabet.

    Union-find (Galler & Fischer 1964), the smaller name on top.
    """
    above: dict[str, str] = {}

    def top(key: str) -> str:
        while above.setdefault(key, key) != key:
            above[key] = above[above[key]]  # half the way at each visit
            key = above[key]
        return key

    keys = [f"en {_key(english)}" for english, _ in pairs]
    for key, (_, french) in zip(keys, pairs, strict=True):
        low, high = sorted((top(key), top(f"fr {_key(french)}")))
        above[high] = low
    return [top(key) for key in keys]


def _luck(group: str) -> float:
    """From 0 to 1, the same for the same group always."""
    return int.from_bytes(hashlib.sha256(group.encode()).digest()[:8]) / 2**64


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()


def _key(text: str) -> str:
    """A sentence without case and punctuation."""
    return re.sub(r"\W+", " ", text.casefold()).strip()


def main(argv: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="headlight prepare", description=__doc__)
    parser.add_argument("archive", type=Path, help="fra-eng.zip of www.manythings.org/anki")
    parser.add_argument("--out", type=Path, default=Path("data"), help="default: data")
    options = parser.parse_args(argv)
    try:
        n_train, n_dev = prepare(options.archive, options.out / FOLDER)
    except ValueError as error:
        raise SystemExit(str(error)) from None
    print(
        f"{options.out / FOLDER} written: {n_train:,} pairs to train with, {n_dev:,} to measure "
        f"with. `headlight train translate-en-fr --data {options.out}` trains on them."
    )
