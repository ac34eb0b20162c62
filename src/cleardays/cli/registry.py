"""Answers to a whole file of diaries, batch by batch over several processes, in their order.

Batches go through `response.arrow.fit_batch`, which knows nothing of files. Few of them are under way at a time, so
that memory does not grow with the file. A process that dies takes nothing with it: its batches are handed out again.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cleardays.cli.files import umask
from cleardays.problems import BadInput, Problem
from cleardays.response.arrow import OK, fit_batch
from cleardays.response.priors import Priors, reference_priors
from cleardays.response.verdict import JudgingRules
from cleardays.trial.review import judging_rules

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

ROWS = 1000  # of a batch
_AHEAD = 3  # batches under way for each process
_ATTEMPTS = 3  # at a batch whose process died
_TELL_EVERY_S = 2.0


class Counts(NamedTuple):
    """How many diaries went in and came out."""

    diaries: int
    answered: int
    problems: int


class Progress(NamedTuple):
    """How far it is."""

    done: int
    of: int
    seconds: float


def fit_file(
    source: str,
    out: str,
    *,
    jobs: int,
    seed: int,
    tell: Callable[[Progress], None],
    learner: Callable[[Iterator[pa.RecordBatch], int], Priors] | None = None,
    rows: int = ROWS,
) -> Counts:
    """Answer every diary of a Parquet file and write one row for each, in their order.

    Args:
        source: one row a diary; see `response.arrow.fit_batch`.
        out: where to write; nothing stands there until all is done.
        jobs: processes.
        seed: fixes the draws.
        tell: called now and then, and at the end.
        learner: what all of them teach, from the batches and how many rows there are; None: each by itself, with the
            reference priors.
        rows: of a batch.

    Raises:
        BadInput: the file cannot be read as Parquet, lacks a column, or cannot be written.
    """
    _require_arrow()
    file = _opened(source)
    if Path(out).exists() and Path(out).samefile(source):
        raise BadInput(Problem("--out", f"{out} is the file of diaries itself.", "Name another file."))
    if out == "-" or Path(out).is_dir():
        raise BadInput(Problem("--out", f"{out} is no file.", "Name a Parquet file to write."))
    with _writing(out):
        handle, name = tempfile.mkstemp(dir=Path(out).resolve().parent, prefix=".cohort-", suffix=".parquet")
        os.close(handle)
    part = Path(name)
    try:
        _checked(file, source)
        priors = None if learner is None else learner(_batches(file, source, rows), file.metadata.num_rows)
        counts = _written(file, source, part, out, jobs, seed, tell, rows, priors)
        with _writing(out):
            part.chmod(Path(out).stat().st_mode & 0o777 if Path(out).exists() else 0o666 & ~umask())
            part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return counts


@contextmanager
def _writing(out: str) -> Iterator[None]:
    """What goes wrong in here has to do with the file to write."""
    try:
        yield
    except OSError as error:
        what = f"{out} cannot be written ({error.strerror or error})."
        raise BadInput(Problem("--out", what, "Check that its folder exists, is yours and has room.")) from None


def _require_arrow() -> None:
    if find_spec("pyarrow") is None:
        how = "Install it: pip install 'cleardays[frames]'."
        raise BadInput(Problem("cohort fit", "reading Parquet needs pyarrow, which is not there.", how))


def _opened(source: str) -> pq.ParquetFile:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(source)
    except OSError as error:
        raise BadInput(Problem(source, f"it cannot be read ({error.strerror or error}).", "Check the path.")) from None
    except pa.ArrowInvalid:
        how = "Write one row a diary with pyarrow, polars, pandas or duckdb; docs/reference/cohort.md names the columns."
        raise BadInput(Problem(source, "this is no Parquet file.", how)) from None


def _written(
    file: pq.ParquetFile,
    source: str,
    part: Path,
    out: str,
    jobs: int,
    seed: int,
    tell: Callable[[Progress], None],
    rows: int,
    priors: Priors | None,
) -> Counts:
    import pyarrow.parquet as pq

    total, began, told = file.metadata.num_rows, time.monotonic(), 0.0
    done = answered = 0
    schema = _checked(file, source).schema
    with _writing(out):
        writer = pq.ParquetWriter(part, schema)
    try:
        for answers in _answers(_batches(file, source, rows), jobs, seed, priors):
            with _writing(out):
                writer.write_batch(answers)
            done += answers.num_rows
            answered += answers.column("status").to_pylist().count(OK)
            now = time.monotonic() - began
            if now - told >= _TELL_EVERY_S or done == total:
                told = now
                tell(Progress(done, total, now))
    finally:
        with _writing(out):
            writer.close()
    return Counts(done, answered, done - answered)


def _checked(file: pq.ParquetFile, source: str) -> pa.RecordBatch:
    """The answer to no diary at all: whether the columns are there, and those of every answer."""
    import pyarrow as pa

    schema = file.schema_arrow
    try:
        return _fitted(pa.RecordBatch.from_arrays([pa.array([], field.type) for field in schema], schema=schema), 1)
    except ValueError as error:
        raise BadInput(Problem(source, f"{error}.", "docs/reference/cohort.md names the columns and their types.")) from None


def _batches(file: pq.ParquetFile, source: str, rows: int) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    read = 0
    try:
        for batch in file.iter_batches(rows):
            yield batch
            read += batch.num_rows
    except (OSError, pa.ArrowInvalid) as error:
        what = f"it is damaged after row {read:,} of {file.metadata.num_rows:,} ({str(error).splitlines()[0]})."
        raise BadInput(Problem(source, what, "Write or copy the file anew.")) from None


def _answers(batches: Iterator[pa.RecordBatch], jobs: int, seed: int, priors: Priors | None) -> Iterator[pa.RecordBatch]:
    """The answers to each batch, in order."""
    if jobs == 1:
        for batch in batches:
            yield _fitted(batch, seed, priors)
        return
    pool = _pool(jobs)
    under_way: deque[tuple[pa.RecordBatch, Future[pa.RecordBatch] | None]] = deque()
    attempts = 0
    try:
        while True:
            under_way.extend((batch, None) for batch in islice(batches, _AHEAD * jobs - len(under_way)))
            if not under_way:
                return
            try:
                for index, (batch, future) in enumerate(under_way):
                    under_way[index] = (batch, future or _handed(pool, batch, seed, priors))
                answers = _first(under_way).result()
            except BrokenProcessPool:
                attempts += 1
                pool.shutdown(wait=False, cancel_futures=True)
                if attempts == _ATTEMPTS:
                    raise
                pool = _pool(jobs)
                under_way = deque((batch, None) for batch, _ in under_way)
                continue
            attempts = 0
            under_way.popleft()
            yield answers
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _handed(pool: ProcessPoolExecutor, batch: pa.RecordBatch, seed: int, priors: Priors | None) -> Future[pa.RecordBatch]:
    try:
        return pool.submit(_fitted, batch, seed, priors)
    except OSError as error:  # a process died just now, and its pool's pipes are being closed
        raise BrokenProcessPool(str(error)) from None


def _first(under_way: deque[tuple[pa.RecordBatch, Future[pa.RecordBatch] | None]]) -> Future[pa.RecordBatch]:
    future = under_way[0][1]
    assert future is not None  # all were handed out just now
    return future


def _pool(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))


@cache
def _beliefs() -> tuple[Priors, JudgingRules]:
    """The reference priors, whose effect is the same at any rate, and the rules."""
    return reference_priors(0.5, 0.5), judging_rules()


def _fitted(batch: pa.RecordBatch, seed: int, priors: Priors | None = None) -> pa.RecordBatch:
    reference, rules = _beliefs()
    return fit_batch(batch, priors or reference, rules, seed=seed)
