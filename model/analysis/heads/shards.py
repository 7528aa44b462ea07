"""A corpus file of any length, measured in parts whose sums merge: here, or on a Ray cluster.

The work on a part is one plain function; an engine only decides where it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ...checkpoints.folder import available, load
from ...run.runner import Model
from ..corpus import blocks
from .metrics import Sample, get_metric
from .per_sentence import Rows, rows_of
from .totals import BySample, Totals, of_lines


@dataclass(frozen=True)
class Job:
    """What is measured on what.

    Args:
        name: a model's name, or the path of its folder.
        corpus: a text file, one source text a line.
        slugs: the metrics.
        n_shards: parts that the file is cut into.
        per_sentence: whether every sentence's own numbers are given back as well.
    """

    name: str
    corpus: Path
    slugs: tuple[str, ...]
    n_shards: int = 1
    per_sentence: bool = False


@dataclass(frozen=True)
class Part:
    """A finished piece: its name, the lines it had, their totals and sentences."""

    name: str
    lines: int
    totals: Totals
    rows: Rows


def of_shard(job: Job, shard: int, done: Collection[str] = ()) -> Iterator[Part]:
    """The blocks of a shard, one after the other: memory does not grow with the file.

    Args:
        shard: which part of the file.
        done: names of pieces that are passed over.
    """
    loaded = _load(job.name)
    metrics = [get_metric(slug) for slug in job.slugs]
    for number, block in enumerate(blocks(job.corpus, shard, job.n_shards)):
        name = f"block {number * job.n_shards + shard}"
        if name in done:
            continue
        rows: Rows = []

        def keep(samples: Sequence[Sample], found: BySample, into: Rows = rows) -> None:
            into.extend(rows_of(samples, found))

        totals = of_lines(loaded, block, metrics, per_sample=keep if job.per_sentence else None)
        yield Part(name, len(block), totals, rows)


def whole_shard(job: Job, shard: int, done: Collection[str] = ()) -> list[Part]:
    """The pieces of a shard, as a worker elsewhere sends them back."""
    return list(of_shard(job, shard, done))


def local(job: Job, done: Collection[str], address: str | None = None) -> Iterator[Part]:
    """One shard after the other in this process."""
    for shard in range(job.n_shards):
        yield from of_shard(job, shard, done)


def on_ray(job: Job, done: Collection[str], address: str | None = None) -> Iterator[Part]:
    """The shards as tasks of a Ray cluster; every node must see the same files.

    Args:
        address: of a running cluster; None starts one on this machine.

    Raises:
        ValueError: Ray is not installed.
    """
    try:
        import ray
    except ImportError as error:
        raise ValueError(
            "The engine “ray” needs Ray: install it with `pip install -r requirements-ray.txt`."
        ) from error
    started = not ray.is_initialized()
    if started:
        ray.init(address=address, include_dashboard=False, log_to_driver=False)
    try:
        task = ray.remote(num_cpus=1)(whole_shard)
        there = Job(
            _place(job.name), job.corpus.resolve(), job.slugs, job.n_shards, job.per_sentence
        )
        waiting: list[Any] = [
            task.remote(there, shard, frozenset(done)) for shard in range(job.n_shards)
        ]
        while waiting:
            ready, waiting = ray.wait(waiting)
            yield from ray.get(ready[0])
    finally:
        if started:
            ray.shutdown()


Engine = Callable[[Job, Collection[str], str | None], Iterator[Part]]

ENGINES: dict[str, Engine] = {"local": local, "ray": on_ray}


@lru_cache(maxsize=1)
def _load(name: str) -> Model:
    return load(name)


def _place(name: str) -> str:
    """A folder given by its path must be found from a worker's own directory."""
    return name if name in available() else str(Path(name).resolve())
