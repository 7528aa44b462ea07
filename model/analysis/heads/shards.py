"""A corpus file of any length, measured in shards whose sums merge: here, or on a Ray cluster.

The work on a shard is one plain function; an engine only decides where it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from ...checkpoints.folder import available, load
from ...run.runner import Model
from ..corpus import blocks
from .metrics import get_metric
from .totals import Totals, of_lines


def of_shard(
    name: str, corpus: Path, slugs: Sequence[str], shard: int, n_shards: int
) -> Iterator[tuple[int, Totals]]:
    """Lines done and their totals, block by block: memory does not grow with the file.

    Args:
        name: a model's name, or the path of its folder.
        slugs: the measures.
        shard, n_shards: which part of the file.
    """
    loaded = _load(name)
    measures = [get_metric(slug) for slug in slugs]
    for block in blocks(corpus, shard, n_shards):
        yield len(block), of_lines(loaded, block, measures)


def whole_shard(
    name: str, corpus: Path, slugs: Sequence[str], shard: int, n_shards: int
) -> tuple[int, Totals]:
    """Lines and totals of a shard in one piece, as a worker elsewhere sends them back."""
    lines, totals = 0, Totals()
    for n, part in of_shard(name, corpus, slugs, shard, n_shards):
        lines, totals = lines + n, totals.plus(part)
    return lines, totals


def local(
    name: str, corpus: Path, slugs: Sequence[str], n_shards: int, address: str | None = None
) -> Iterator[tuple[int, Totals]]:
    """One shard after the other in this process."""
    for shard in range(n_shards):
        yield from of_shard(name, corpus, slugs, shard, n_shards)


def on_ray(
    name: str, corpus: Path, slugs: Sequence[str], n_shards: int, address: str | None = None
) -> Iterator[tuple[int, Totals]]:
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
        waiting: list[Any] = [
            task.remote(_place(name), corpus.resolve(), list(slugs), shard, n_shards)
            for shard in range(n_shards)
        ]
        while waiting:
            done, waiting = ray.wait(waiting)
            yield ray.get(done[0])
    finally:
        if started:
            ray.shutdown()


Engine = Callable[[str, Path, Sequence[str], int, str | None], Iterator[tuple[int, Totals]]]

ENGINES: dict[str, Engine] = {"local": local, "ray": on_ray}


@lru_cache(maxsize=1)
def _load(name: str) -> Model:
    return load(name)


def _place(name: str) -> str:
    """A folder given by its path must be found from a worker's own directory."""
    return name if name in available() else str(Path(name).resolve())
