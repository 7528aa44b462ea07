"""Whole corpora: shards merge, files come back, and bad input is counted or refused."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pyarrow import parquet as pq

import headlight
from headlight.model import Model
from headlight.model.analysis.alignment.gold import read_gold
from headlight.model.analysis.corpus import ENGLISH, EmptyCorpus, blocks, own_corpus
from headlight.model.analysis.heads import atlas as command
from headlight.model.analysis.heads.atlas import build
from headlight.model.analysis.heads.badges import BADGES, Badge, badges
from headlight.model.analysis.heads.files import read_atlas, to_bytes, write
from headlight.model.analysis.heads.metrics import ALIGNMENT, METRICS, get_metric
from headlight.model.analysis.heads.resume import resumed
from headlight.model.analysis.heads.shards import ENGINES, Job, Part, local, on_ray
from headlight.model.analysis.heads.table import from_totals
from headlight.model.analysis.heads.totals import Totals, of_gold, of_lines
from headlight.model.network.config import KINDS

CHEAP = [one.slug for one in METRICS if not one.needs_model]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, tiny: Model) -> Path:
    """A checkpoint folder of the small random model."""
    path = tmp_path_factory.mktemp("model") / "reverse"
    headlight.save(tiny, path)
    return path


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory, tiny: Model) -> Path:
    """A hundred lines that can be read, three that cannot, and an empty one."""
    lines = [str(line).encode() for line in own_corpus(tiny)[:100]]
    lines = [*lines, b"", b"\xff\xfe", b"not letters", b" ".join([b"a"] * 700)]
    path = tmp_path_factory.mktemp("corpus") / "letters.txt"
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


def merged(parts: Iterable[Part]) -> Totals:
    totals = Totals()
    for part in parts:
        totals = totals.plus(part.totals)
    return totals


def job(corpus: Path, n_shards: int, name: str = "reverse") -> Job:
    return Job(name, corpus, tuple(CHEAP), n_shards)


def test_one_shard_and_seven_agree(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headlight.model.analysis.corpus.BLOCK", 8)
    one = merged(local(job(corpus, 1), ()))
    seven = merged(local(job(corpus, 7), ()))
    assert one.read == seven.read == 100
    assert one.skipped == seven.skipped
    assert set(one.sums) == set(seven.sums)
    for key, sums in one.sums.items():
        np.testing.assert_allclose(sums.value, seven.sums[key].value, rtol=0, atol=1e-9)
        error = seven.sums[key].standard_error
        np.testing.assert_allclose(sums.standard_error, error, rtol=0, atol=1e-9)
    for key, sums in one.baselines.items():
        np.testing.assert_allclose(sums.value, seven.baselines[key].value, rtol=0, atol=1e-9)
    for head, mean in one.means().items():
        np.testing.assert_allclose(mean, seven.means()[head], rtol=0, atol=1e-9)


def test_a_gold_file_is_the_only_truth(corpus: Path, tmp_path: Path) -> None:
    gold = tmp_path / "gold.tsv"
    gold.write_text("one\ta b c\tc b a\t0-0 1-1 2-2\n")  # not how letters are reversed
    slugs = [one.slug for one in ALIGNMENT]
    loaded = headlight.load("reverse")
    alone = from_totals(loaded, of_gold(loaded, read_gold(gold)), "gold", "")
    atlas = build("reverse", corpus, gold=gold, measures=slugs)
    for slug in slugs:
        np.testing.assert_array_equal(atlas.grid(slug, "cross"), alone.grid(slug, "cross"))
    assert atlas.read == 100


def test_shards_share_out_all_blocks(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headlight.model.analysis.corpus.BLOCK", 8)
    whole = [line for block in blocks(corpus) for line in block]
    shared = [line for shard in range(5) for block in blocks(corpus, shard, 5) for line in block]
    assert sorted(whole) == sorted(shared)
    assert len(whole) == 103


def test_a_ray_cluster_gives_the_same(corpus: Path) -> None:
    pytest.importorskip("ray", reason="Ray is not installed: pip install -r requirements-ray.txt")
    lines = corpus.read_bytes() * 2  # more than one block
    corpus = corpus.with_name("twice.txt")
    corpus.write_bytes(lines)
    one = merged(local(job(corpus, 1), ()))
    ray = merged(on_ray(job(corpus, 3), ()))
    assert one.read == ray.read == 200
    for key, sums in one.sums.items():
        np.testing.assert_allclose(sums.value, ray.sums[key].value, rtol=0, atol=1e-9)


def test_without_ray_a_sentence_says_what_to_install(
    folder: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ValueError, match=r"requirements-ray\.txt"):
        next(on_ray(job(corpus, 2, str(folder)), ()))


def test_lines_that_cannot_be_read_are_counted_by_reason(tiny: Model) -> None:
    too_long = " ".join(["a"] * (tiny.config.max_positions + 1))
    marked = b"\xef\xbb\xbfx y"  # the first line of a file that Windows wrote
    totals = of_lines(tiny, [marked, b"a b c", b"\xff\xfe", b"the cat", too_long.encode()], [])
    assert totals.read == 2
    assert totals.skipped == {
        "not UTF-8": 1,
        "not text that this model reads": 1,
        "too long (over 64 tokens)": 1,
    }


def test_the_numbers_are_those_of_single_traces(tiny: Model) -> None:
    texts = ["a b", "c d e f", "x y z"]
    measures = [one for one in METRICS if not one.needs_model]
    totals = of_lines(tiny, texts, measures)
    for one in measures:
        for kind in one.kinds:
            if one.slug.startswith("aer"):
                continue
            parts = [one.sums(tiny.run(text), kind) for text in texts]
            whole = parts[0].plus(parts[1]).plus(parts[2]).value
            np.testing.assert_allclose(totals.sums[one.slug, kind].value, whole, atol=1e-5)


def test_a_mean_is_the_mean_of_z_over_rows(tiny: Model) -> None:
    texts = ["a b", "c d e f"]
    rows = [tiny.run(text).attention["cross"][1].z[0] for text in texts]
    expected = np.concatenate(rows).mean(0)
    found = of_lines(tiny, texts, []).means()["cross", 1, 0]
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_a_table_comes_back_from_parquet(tiny: Model, tmp_path: Path) -> None:
    totals = of_lines(tiny, ["a b c", "x y", "the cat"], METRICS)
    atlas = from_totals(tiny, totals, "three lines", gold="the task")
    for name, baselines in (("a.parquet", False), ("a.arrow", False), ("b.parquet", True)):
        write(atlas, tmp_path / name, baselines=baselines)
        back = read_atlas(tmp_path / name)
        for what in ("model", "digest", "corpus", "gold", "read", "skipped", "layers", "n_heads"):
            assert getattr(back, what) == getattr(atlas, what), what
        for grids in ("values", "errors", "layer_values", "layer_errors", "baselines"):
            for key, values in getattr(atlas, grids).items():
                np.testing.assert_array_equal(getattr(back, grids)[key], values)
        for head, mean in atlas.means.items():
            np.testing.assert_allclose(back.means[head], mean, rtol=1e-6)
    assert len(to_bytes(atlas, ".csv").splitlines()) == 1 + len(atlas.heads())
    frame = atlas.to_pandas(baselines=True)
    n_rows = len(atlas.heads()) + tiny.config.n_decoder_layers + 2 * len(KINDS)
    assert len(frame) == n_rows
    even = frame[(frame.kind == "encoder_self") & (frame.row == "uniform")]
    assert even.entropy_share.item() == pytest.approx(1)
    for damaged in (b"", b"PAR1 nonsense PAR1"):
        (tmp_path / "b.parquet").write_bytes(damaged)
        with pytest.raises(ValueError, match="not a table of heads"):
            read_atlas(tmp_path / "b.parquet")


def test_the_command_writes_a_table(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    (tmp_path / "c.txt").write_text("a b c\nd e f\nThe cat\n")
    (tmp_path / "g.tsv").write_text("one\ta b\tb a\t0-1 1-0\n")
    out = tmp_path / "out.parquet"
    given = ["--model", str(folder), "--corpus", str(tmp_path / "c.txt"), "--out", str(out)]
    monkeypatch.setattr(sys, "argv", ["atlas", *given, "--gold", str(tmp_path / "g.tsv")])
    command.main()
    said = capsys.readouterr().out
    assert "2 sentences measured" in said
    assert "1 skipped: not text that this model reads" in said
    assert read_atlas(out).read == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "is empty"), (b"\n  \n", "is empty"), (b"The cat\n\xff\n", "None of the 2 lines")],
)
def test_a_corpus_without_a_usable_line_is_refused(
    folder: Path, tmp_path: Path, content: bytes, said: str
) -> None:
    corpus = tmp_path / "c.txt"
    corpus.write_bytes(content)
    with pytest.raises(EmptyCorpus, match=said):
        build(str(folder), corpus)


def test_other_input_that_cannot_be_used(folder: Path, corpus: Path, tmp_path: Path) -> None:
    name = str(folder)
    with pytest.raises(ValueError, match="cannot be read"):
        build(name, tmp_path / "missing.txt")
    with pytest.raises(ValueError, match="no engine “spark”"):
        build(name, corpus, engine="spark")
    with pytest.raises(ValueError, match="1 or more, not 0"):
        build(name, corpus, shards=0)
    with pytest.raises(ValueError, match="no metric “depth”"):
        build(name, corpus, measures=["depth"])
    with pytest.raises(ValueError, match="needs right answers"):
        build(name, corpus, quality=True)
    (tmp_path / "pairs.tsv").write_text("a b\tb a\nc d\n")
    with pytest.raises(ValueError, match=r"pairs\.tsv, line 2: a source, a tab and a target"):
        build(name, corpus, references=tmp_path / "pairs.tsv")
    bad = tmp_path / "g.tsv"
    bad.write_text("one\ta b\tb a\t0-1\ntwo\ta b\tb a\t0-9\n")
    with pytest.raises(ValueError, match=r"g\.tsv, line 2: .*target token 9"):
        build(name, corpus, gold=bad)


def test_badges_follow_their_thresholds(tiny: Model) -> None:
    atlas = from_totals(tiny, of_lines(tiny, ["a b c", "x y z w"], METRICS), "two lines")
    given = badges(atlas)
    for head in atlas.heads():
        for badge in BADGES:
            value = atlas.value(badge.slug, head)
            earned = head[0] in badge.kinds and (
                value >= badge.at_least
                if badge.at_least is not None
                else badge.at_most is not None and value <= badge.at_most
            )
            if badge.beats_diagonal:
                diagonal = atlas.baseline(badge.slug, head[0], "diagonal")
                earned = earned and value < diagonal
            assert (badge in given.get(head, [])) == earned
    assert Badge("x", "previous", at_least=0.5).rule == "weight on previous token ≥ 0.500"
    assert not Badge("x", "aer", at_most=0.5).fits(float("nan"))


def test_a_bad_place_for_the_result_is_told_before_any_work(
    folder: Path, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "build", None)  # must not be reached
    for out, said in (
        ("heads.xlsx", "ending “.xlsx” is not known"),
        ("missing/heads.csv", "does not exist"),
        (".", "ending"),
    ):
        given = ["--model", str(folder), "--corpus", str(corpus), "--out", str(tmp_path / out)]
        with pytest.raises(SystemExit, match=said):
            command.main(given)
    given = ["--model", str(folder), "--corpus", str(corpus), "--out", str(tmp_path / "heads.csv")]
    with pytest.raises(SystemExit, match=r"\.parquet or \.csv"):
        command.main([*given, "--per-sentence", str(tmp_path / "rows.arrow")])


def test_a_killed_run_goes_on_and_counts_nothing_twice(
    folder: Path, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("headlight.model.analysis.corpus.BLOCK", 8)
    monkeypatch.setattr(command, "SAVE_EVERY", 0.0)
    out, rows = tmp_path / "heads.csv", tmp_path / "rows.parquet"
    given = ["--model", str(folder), "--corpus", str(corpus), "--out", str(out), "--baseline"]
    given += ["--per-sentence", str(rows), "--measures", "first,entropy,aer"]
    command.main(given)
    whole, whole_rows = out.read_bytes(), pq.read_table(rows)
    assert not list(tmp_path.glob(".*"))

    real, seen = ENGINES["local"], []

    def dying(job: Job, done: Collection[str], address: str | None = None) -> Iterator[Part]:
        for n, part in enumerate(real(job, done, address)):
            if n == 5:
                raise KeyboardInterrupt
            yield part

    def watching(job: Job, done: Collection[str], address: str | None = None) -> Iterator[Part]:
        for part in real(job, done, address):
            seen.append(part.name)
            yield part

    monkeypatch.setitem(ENGINES, "local", dying)
    with pytest.raises(KeyboardInterrupt):
        command.main(given)
    kept = resumed(tmp_path / ".heads.csv.state", {}).done
    assert kept == []  # of another job
    monkeypatch.setitem(ENGINES, "local", watching)
    command.main(given)
    assert len(seen) == 13 - 5
    assert out.read_bytes() == whole
    assert pq.read_table(rows).equals(whole_rows)
    assert not list(tmp_path.glob(".*"))


def test_rows_of_sentences_are_those_of_single_traces(
    folder: Path, tiny: Model, tmp_path: Path
) -> None:
    corpus, rows = tmp_path / "c.txt", tmp_path / "rows.csv"
    corpus.write_text("a b c\nq w e r\n")
    build(
        str(folder), corpus, state=tmp_path / "s", per_sentence=rows, measures=["first", "entropy"]
    )
    found = pd.read_csv(rows)
    assert len(found) == 2 * len(tiny_heads(tiny))
    one = found[(found.source == "a b c") & (found.kind == "cross") & (found.layer == 1)]
    trace = headlight.load(folder).run("a b c")
    expected = get_metric("entropy").sums(trace, "cross").value[1]
    np.testing.assert_allclose(one.sort_values("head").entropy, expected, atol=1e-5)


def tiny_heads(model: Model) -> list[tuple[str, int, int]]:
    return from_totals(model, Totals(), "nothing").heads()


def test_right_answers_are_measured_on_request(folder: Path, corpus: Path, tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.tsv"
    pairs.write_text("a b\tb a\nc d e\te d c\n")
    atlas = build(str(folder), corpus, references=pairs, quality=True, measures=["first"])
    assert atlas.has("reference_loss")
    assert atlas.has("quality_drop")
    assert np.isfinite(atlas.error_grid("reference_loss", "cross")).all()
    assert "2 sentences" in atlas.references
    assert not build(str(folder), corpus, measures=["first"]).has("reference_loss")


def test_the_projects_sentences() -> None:
    lines = ENGLISH.read_text(encoding="utf-8").splitlines()
    assert len(lines) >= 200
    assert len(set(lines)) == len(lines)
    assert all(line == line.strip() and line for line in lines)
