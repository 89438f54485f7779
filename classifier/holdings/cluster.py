"""A batch on more than one machine: chunks of files through Dask workers, each of which reads in caged children as one machine does.

The parent alone writes the ledger, so a worker or machine that dies has lost nothing: Dask gives its chunk to another one, and a chunk
that has killed several workers comes back as files to be tried alone here. joblib's own Dask backend never returned after a worker
died (measured, design/LEARNING §4); `Client.submit` and `as_completed` do.

Start the parts with Dask's own commands (docs/batch.md): `dask scheduler`, and on each machine `dask worker ADDRESS`. Every machine must
see the files under the same paths and have the same mishen, rules and model; one that has not is refused.
"""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from classifier import batch, pipeline
from classifier.batch import Outcome
from classifier.core.errors import BadSettings
from classifier.holdings import piece
from classifier.holdings.ledger import Entry, Maker
from classifier.holdings.recipes import maker_of, recipe_of
from classifier.holdings.work import work_one

Value = TypeVar("Value")

_CHUNK = 64
"""Files a worker gets at a time: half a second of work, lost and done again when it dies."""
_EACH = 3
"""Chunks in flight for each thread of a worker."""
_PATIENCE = 30
"""Seconds to wait for a scheduler and its first worker."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where the scheduler listens (`tcp://10.0.0.5:8786`), and what its workers must be like."""

    address: str
    maker: Maker
    seconds: float


@cache
def _ours() -> Maker:
    tools = pipeline.default_tools()
    return maker_of(tools, recipe_of(tools))


def work_chunk(paths: Sequence[tuple[bytes, int, int]], seconds: float) -> bytes:
    """The work of a Dask worker: answers for some files as JSON, with what made them. Runs on the worker's machine."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    maker = _ours()
    entries = [Entry(*path) for path in paths]
    told = [
        [entries.index(outcome.item), outcome.value, outcome.error]
        for outcome in batch.run(work_one, entries, ahead=3, seconds=seconds, warm=piece.warm)
    ]
    return json.dumps({"maker": [maker.code, maker.rules, maker.model, maker.settings], "told": told}).encode("ascii")


def run(cluster: Cluster, entries: Iterable[Entry], accept: Callable[[Entry, Any], Value]) -> Iterator[Outcome[Entry, Value]]:
    """One Outcome per file, as `batch.run` gives them, from the workers of a cluster.

    Args:
        cluster: where it is.
        entries: read lazily: no more than a few chunks per worker thread are in flight.
        accept: the parent's look at an answer, as for `batch.run`.

    Raises:
        BadSettings: Dask is not installed, the scheduler or every worker is out of reach, or a worker is of another version.
    """
    client = _connect(cluster.address)
    with closing(client):
        from distributed import as_completed

        source = iter(entries)
        in_flight: dict[Any, list[Entry]] = {}
        done = as_completed(loop=client.loop)
        while True:
            while len(in_flight) < _EACH * max(1, sum(client.nthreads().values())):
                chunk = list(itertools.islice(source, _CHUNK))
                if not chunk:
                    break
                paths = [(e.path, e.size, e.mtime) for e in chunk]
                future = client.submit(work_chunk, paths, cluster.seconds, pure=False, retries=0)
                in_flight[future] = chunk
                done.add(future)
            if not in_flight:
                return
            future = next(done)
            yield from _outcomes(cluster, in_flight.pop(future), future, accept)
            future.release()


def _outcomes(
    cluster: Cluster,
    chunk: list[Entry],
    future: Any,  # noqa: ANN401 - a Future of Dask, untyped
    accept: Callable[[Entry, Any], Value],
) -> Iterator[Outcome[Entry, Value]]:
    """The outcomes of one chunk; of one that no worker survived, or whose answer is none, `crashed` for each file."""
    answers: dict[int, tuple[Any, str | None]] = {}
    try:
        # not by the future's state: a result that lay on a worker that has just died is made again while we wait here
        answer = json.loads(future.result())
    except Exception:  # noqa: BLE001 - whatever killed several workers, or failed on the way: its files are tried alone
        answer = None
    if answer is not None:
        if Maker(*answer["maker"]) != cluster.maker:
            raise BadSettings("集群里有机器上的密审、规则、模型或设置与本机不同，结果不能混用。请统一版本后再运行。")
        answers = {number: (value, error) for number, value, error in answer["told"]}
    for number, entry in enumerate(chunk):
        value, error = answers.get(number, (None, "crashed"))
        if value is None:
            yield Outcome(entry, None, error or "crashed")
            continue
        try:
            yield Outcome(entry, accept(entry, value))
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError):
            yield Outcome(entry, None, "crashed")


def _connect(address: str) -> Any:  # noqa: ANN401 - a Client of Dask, untyped
    """A client with at least one worker behind it."""
    try:
        from distributed import Client
    except ImportError as error:
        told = "这台机器没有安装 Dask，不能用 --cluster。请按 docs/batch.md 安装 requirements-cluster.lock。"
        raise BadSettings(told) from error
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise BadSettings(
            "连不上集群的调度器。请检查 --cluster 的地址（例如 tcp://10.0.0.5:8786），并确认 dask scheduler 在运行。"
        ) from error
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
    except TimeoutError as error:
        client.close()
        raise BadSettings("集群里没有一台工作机在线。请在各台机器上运行 dask worker，再重新运行本命令。") from error
    return client
